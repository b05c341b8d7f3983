// Where does the page begin?
import './tokens.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { keys } from './keys.svelte';
import { copyPlainly } from './parts/copy';
import { router } from './router.svelte';
import { session } from './session.svelte';

router.start();
keys.start();
document.addEventListener('copy', copyPlainly);
void session.start();

const target = document.getElementById('app');
if (target) mount(App, { target });
