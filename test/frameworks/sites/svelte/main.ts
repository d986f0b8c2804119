import 'consult-room';
import { mount } from 'svelte';
import { scripted } from '../scripted.ts';
import Page from './Page.svelte';

await scripted();
const config: unknown = await (await fetch('/config')).json();
const target = document.querySelector('#app');
if (!target) throw new Error('the page has no #app');
mount(Page, { target, props: { config } });
