import 'consult-room';
import { bootstrapApplication } from '@angular/platform-browser';
import { scripted } from '../../scripted';
import { CONFIG, Page } from './page';

await scripted();
const config: unknown = await (await fetch('/config')).json();
await bootstrapApplication(Page, { providers: [{ provide: CONFIG, useValue: config }] });
