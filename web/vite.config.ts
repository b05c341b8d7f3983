// How is the page built? One bundle with hashed assets, each beside its pre-compressed twins, for the binary to embed.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);

// Text that shrinks. Fonts and pictures are compressed already.
const SHRINKS = /\.(?:js|css|html|svg|json|txt)$/;

// Parsing is what a six-year-old tablet waits for: 90 kB gzip to the first screen, 60 kB for each screen after it.
const FIRST_BYTES = 90_000;
const LATER_BYTES = 60_000;

/** Writes `.gz` and `.br` beside every text file, so that the server compresses nothing while it serves. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'headlight-precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = await readdir(folder, { recursive: true });
      await Promise.all(names.filter((name) => SHRINKS.test(name)).map((name) => shrink(join(folder, name))));
    },
  };
}

async function shrink(path: string): Promise<void> {
  const bytes = await readFile(path);
  const zipped = await toGzip(bytes, { level: 9 });
  const most = /index-[^/]*\.js$/.test(path) ? FIRST_BYTES : LATER_BYTES;
  if (zipped.length > most) throw new Error(`${path} is ${zipped.length} bytes gzipped; its budget is ${most}.`);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  await writeFile(`${path}.gz`, zipped);
  await writeFile(`${path}.br`, await toBrotli(bytes, { params: quality }));
}

export default defineConfig({
  base: '/',
  plugins: [svelte(), svelteTesting(), precompress()],
  build: {
    outDir: process.env['HEADLIGHT_WEB_OUT'] ?? './dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    // No asset becomes a data: address: the content security policy lets none in but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  preview: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
