// Which Svelte do we write? Runes only, in our own files; packages keep their own mode.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
