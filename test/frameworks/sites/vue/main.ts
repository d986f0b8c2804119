import 'consult-room';
import { createApp } from 'vue';
import { scripted } from '../scripted.ts';
import Page from './Page.vue';

await scripted();
const config: unknown = await (await fetch('/config')).json();
createApp(Page, { config }).mount('#app');
