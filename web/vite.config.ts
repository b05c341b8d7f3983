// How is the page built? One bundle with hashed assets, packed, for the binary to embed.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const toGzip = promisify(gzip);

// Text that shrinks. Fonts and pictures are compressed already.
const SHRINKS = /\.(?:js|css|html|svg|json|txt)$/;

// Parsing is what a six-year-old tablet waits for: 90 kB gzip to the first screen, scripts and styles, 60 kB for each screen after it.
const FIRST_BYTES = 90_000;
const LATER_BYTES = 60_000;

/** Packs every text file, so that the server compresses nothing while it serves and carries each once. The page itself stays beside its own. */
function precompress(): Plugin {
  let folder = '';
  return {
    name: 'headlight-precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async writeBundle() {
      const names = await readdir(folder, { recursive: true });
      const zipped = new Map<string, number>();
      await Promise.all(names.filter((name) => SHRINKS.test(name)).map(async (name) => zipped.set(name, await shrink(join(folder, name)))));
      const page = await readFile(join(folder, 'index.html'), 'utf8');
      const first = [...page.matchAll(/\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name = '']) => name);
      within(FIRST_BYTES, 'the first screen', first.reduce((sum, name) => sum + (zipped.get(name) ?? 0), 0));
      for (const [name, bytes] of zipped) if (!first.includes(name)) within(LATER_BYTES, name, bytes);
    },
  };
}

function within(most: number, what: string, bytes: number): void {
  if (bytes > most) throw new Error(`${what} is ${bytes} bytes gzipped; its budget is ${most}.`);
}

/** Gives the bytes it has with gzip. */
async function shrink(path: string): Promise<number> {
  const zipped = await toGzip(await readFile(path), { level: 9 });
  await writeFile(`${path}.gz`, zipped);
  if (!path.endsWith('index.html')) await rm(path);
  return zipped.length;
}

type Graph = { getModuleInfo(id: string): { importedIds: string[] } | null };
const PAGE = resolve(import.meta.dirname, 'index.html');

/** What the page needs at once is one file: in many, each has its own list of imports and is compressed without the others. */
function firstFile(): (id: string, graph: Graph) => string | null {
  let first: Set<string> | null = null;
  return (id, graph) => {
    first ??= reachable(PAGE, graph);
    return first.has(id) ? 'first' : null;
  };
}

function reachable(from: string, graph: Graph): Set<string> {
  const found = new Set([from]);
  for (const id of found) graph.getModuleInfo(id)?.importedIds.forEach((next) => found.add(next));
  return found;
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
    rolldownOptions: { output: { codeSplitting: { groups: [{ debugName: 'first', name: firstFile() }] } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  preview: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'] },
});
