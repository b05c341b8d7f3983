// What does every screen look like? Pictures of a running store, to be looked at: node tests/browser/shots.mjs http://127.0.0.1:8080 FOLDER
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DESK, openBrowser, Person, PHONE } from './house.mjs';
import { screens } from './screens.mjs';

const [url, folder] = process.argv.slice(2);
const house = { url, at: { people: ['Priya Nair'], password: 'headlights on harbor point' } };
await mkdir(folder, { recursive: true });
const browser = await openBrowser();
for (const [device, size] of Object.entries({ desk: DESK, phone: PHONE })) {
  for (const theme of ['light', 'dark']) {
    const person = await Person.at(browser, house, { size, theme });
    await person.signIn();
    for (const screen of await screens(person)) {
      await screen.open();
      await person.page.screenshot({ path: join(folder, `${screen.name}-${device}-${theme}.png`) });
    }
    await person.close();
  }
}
await browser.close();
