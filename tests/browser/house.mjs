// How does a test stand before the store's screens? The real program with a made-up store, and a real browser.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

const REPO = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const inWeb = createRequire(join(REPO, 'web/package.json'));
const { chromium } = inWeb('playwright-core');
const AXE = inWeb.resolve('axe-core/axe.min.js');

// An unoptimised program lives through the store's past in some minutes, and more beside other work.
const FILL_MS = 10 * 60_000;
const STOP_MS = 15_000;
// A store that was filled before opens at once, on a slow machine too.
const REOPEN_MS = 30_000;
// What a test waits for comes within this time, or never.
const EVENTUALLY_MS = 10_000;

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Looks again and again until there is something to see; what never comes fails under its name. */
export async function eventually(look, what, withinMs = EVENTUALLY_MS) {
  for (const end = performance.now() + withinMs; performance.now() < end; ) {
    const found = await look();
    if (found) return found;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`never came: ${what}`);
}

function program() {
  const folder = process.env.CARGO_TARGET_DIR ?? join(REPO, 'target');
  return process.env.HEADLIGHT_BIN ?? join(folder, 'debug/headlight');
}

/** Fills a store into `folder`, for HEADLIGHT_DEMO_DATA to name. */
export async function fill(folder) {
  const house = new House(folder);
  await house.start('127.0.0.1:0', '127.0.0.1:0');
  await house.stop();
}

/** The demo store on ports of its own. HEADLIGHT_DEMO_DATA may name a store filled before; it is copied, never changed. */
export class House {
  #folder;
  #process = null;

  /** @type {{ lan: string, public: string, key: string, password: string, people: string[] }} */
  at;

  constructor(folder = null) {
    this.#folder = folder;
  }

  async open() {
    this.#folder = await mkdtemp(join(tmpdir(), 'headlight-browser-'));
    const filled = process.env.HEADLIGHT_DEMO_DATA;
    if (filled) await cp(filled, this.#folder, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    await this.start('127.0.0.1:0', '127.0.0.1:0');
    return this;
  }

  async start(lan = this.at.lan, open = this.at.public) {
    const words = ['demo', '--data', this.#folder, '--still', '--json', '--lan', lan, '--public', open];
    this.#process = spawn(program(), words, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.at = await firstLine(this.#process);
  }

  /** The same store as an installer runs it, open day and night: clocks of first responses run whenever the test does. */
  async serveDayAndNight() {
    await this.stop();
    const config = join(this.#folder, 'headlight.toml');
    const hours = Array(7).fill('"00:00-24:00"').join(', ');
    await writeFile(config, `[store]\nhours = [${hours}]\n[lan]\naddr = "${this.at.lan}"\n[public]\naddr = "${this.at.public}"\n`);
    this.#process = spawn(program(), ['serve', '--config', config, '--data', join(this.#folder, 'data')], { stdio: ['ignore', 'ignore', 'inherit'] });
    await eventually(() => fetch(this.url).then((answer) => answer.ok, () => false), 'the store, open again', REOPEN_MS);
  }

  async stop() {
    const ended = new Promise((done) => this.#process.once('exit', done));
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  }

  /** Stands still with every connection open, as a computer does that has lost its power or its cable. */
  freeze() {
    this.#process.kill('SIGSTOP');
  }

  thaw() {
    this.#process.kill('SIGCONT');
  }

  async close() {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get url() {
    return `http://${this.at.lan}`;
  }

  /** A lead as a site's form posts it; `visitor` is the browser that sent it: others may be looking at the same car. */
  async sendLead({ id, first, last, phone, email, stock = '24117', visitor }) {
    const sentBy = visitor ? `<id source="ga">${visitor}</id>` : '';
    const adf = `<?xml version="1.0"?><?adf version="1.0"?><adf><prospect><id source="Website">${id}</id>${sentBy}<requestdate>${new Date().toISOString()}</requestdate>
      <vehicle interest="buy" status="used"><year>2022</year><make>Honda</make><model>CR-V</model><stock>${stock}</stock></vehicle>
      <customer><contact><name part="first">${first}</name><name part="last">${last}</name><phone>${phone}</phone><email>${email}</email></contact>
      <comments>Is it still there?</comments></customer><provider><name>Website</name></provider></prospect></adf>`;
    return this.#send('/leads/adf', adf, 201);
  }

  /** One look at a car, as the site tag tells it. */
  async sendLook(visitor, stock = '24117') {
    const event = { name: 'asc_item_pageview', params: { item_number: stock, item_id: '2HKRW2H8XNH614882' } };
    return this.#send('/collect', JSON.stringify({ client_id: visitor, events: [event] }), 202);
  }

  /** A message as any sender posts it, whatever becomes of it; gives what the store says of it. */
  async sendMessage(body) {
    return (await fetch(`http://${this.at.public}/leads/adf?key=${this.at.key}`, { method: 'POST', body })).json();
  }

  async #send(path, body, wanted) {
    const answer = await fetch(`http://${this.at.public}${path}?key=${this.at.key}`, { method: 'POST', body });
    if (answer.status !== wanted) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}

function firstLine(process) {
  return new Promise((found, failed) => {
    let said = '';
    let complained = '';
    const late = setTimeout(() => failed(new Error(`the store did not open in ${FILL_MS / 1_000} s: ${complained}`)), FILL_MS);
    process.stderr.on('data', (bytes) => (complained = `${complained}${bytes}`.slice(-2_000)));
    process.stdout.on('data', (bytes) => {
      said += bytes;
      if (!said.includes('\n')) return;
      clearTimeout(late);
      found(JSON.parse(said.slice(0, said.indexOf('\n'))));
    });
    process.once('error', failed);
    process.once('exit', (code) => failed(new Error(`the store ended with ${code}: ${complained}`)));
  });
}

export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}

/**
 * Opens a store and a browser before the tests of a file and closes both after them. `begin` is given the two, `signedIn`, which lets
 * somebody in, and `keep`, by which whatever else it opens is closed with them.
 */
export function atTheStore(begin) {
  const opened = [];
  const keep = (thing) => (opened.push(thing), thing);
  before(async () => {
    const house = keep(await new House().open());
    const browser = keep(await openBrowser());
    const signedIn = async (name, device = {}) => (await Person.at(browser, house, { name, ...device })).signIn();
    await begin({ house, browser, signedIn, keep });
  }, { timeout: FILL_MS + REOPEN_MS * 2 });
  after(async () => {
    for (const thing of opened.reverse()) await thing.close();
  });
}

/** A person at a device of their own. What the page complains of is kept in `complaints`. */
export class Person {
  complaints = [];

  static async at(browser, house, { name = house.at.people[0], size = DESK, theme = 'light' } = {}) {
    const person = new Person();
    person.house = house;
    person.name = name;
    person.context = await browser.newContext({ viewport: size, colorScheme: theme, hasTouch: size.width < 600 });
    person.page = await person.context.newPage();
    person.#listen();
    return person;
  }

  /** Whoever has no part in a test takes no lead of it: each says, somewhere else, that they are busy. */
  static async areBusy(browser, house, ...names) {
    for (const name of names) {
      const person = await (await Person.at(browser, house, { name })).signIn();
      await person.setFree(false);
      await person.close();
    }
  }

  async signIn() {
    await this.page.goto(this.house.url);
    await this.page.getByLabel('Name').fill(this.name);
    await this.page.getByLabel('Password').fill(this.house.at.password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.getByRole('heading', { level: 1, name: 'Now' }).waitFor();
    return this;
  }

  /** Opens an address and waits until `sign`, a part of the finished screen, is there. */
  async goto(path, sign = 'main h1') {
    await this.page.goto(`${this.house.url}${path}`);
    await this.page.locator(sign).first().waitFor({ state: 'attached' });
    await this.page.evaluate(() => document.fonts.ready);
  }

  /** Reads as this person's page does. */
  api(path) {
    return this.page.evaluate(async (address) => (await fetch(address)).json(), path);
  }

  /** Sends as this person's page does; gives the status and what the store said. */
  send(method, path, body) {
    return this.page.evaluate(
      async ([how, address, said]) => {
        const key = crypto.getRandomValues(new Uint8Array(16)).join('');
        const answer = await fetch(address, { method: how, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key }, body: JSON.stringify(said) });
        return { status: answer.status, body: await answer.json() };
      },
      [method, path, body],
    );
  }

  setFree(available) {
    return this.send('PUT', '/api/me/availability', { available });
  }

  /** The open cards of the whole store, as far as this person may see them. */
  async openCards() {
    return (await this.api('/api/alerts?state=open&scope=store&limit=200')).items;
  }

  /** The open card of a customer, by the name or its end; null when there is none now. */
  async openCard(name) {
    return (await this.openCards()).find((card) => card.customer.name.endsWith(name)) ?? null;
  }

  /** The same once there is one that is so: a card follows its lead's answer by some milliseconds. */
  cardOf(name, isSo = () => true, withinMs = EVENTUALLY_MS) {
    const look = async () => {
      const card = await this.openCard(name);
      return card && isSo(card) && card;
    };
    return eventually(look, `a card of ${name} that is so: ${isSo}`, withinMs);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** What the screen says of an act. The newest: one of the same words may still be going away. */
  toast(words) {
    return this.page.locator('.toasts').getByText(words).last();
  }

  /** Whether the screen scrolls sideways. */
  isTooWide() {
    return this.page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) > innerWidth);
  }

  /** The faces that an element's own text is really drawn with: "Inter", or what the machine had to lend. */
  async faces(selector) {
    const inspector = await this.context.newCDPSession(this.page);
    await inspector.send('DOM.enable');
    await inspector.send('CSS.enable');
    const { root } = await inspector.send('DOM.getDocument');
    const { nodeId } = await inspector.send('DOM.querySelector', { nodeId: root.nodeId, selector });
    const { fonts } = await inspector.send('CSS.getPlatformFontsForNode', { nodeId });
    await inspector.detach();
    return fonts.map((font) => (font.isCustomFont ? 'ours' : font.familyName));
  }

  async axe() {
    if (!(await this.page.evaluate(() => 'axe' in globalThis))) await this.page.evaluate(await readAxe());
    const found = await this.page.evaluate(() =>
      globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
    );
    return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.any[0]?.message ?? ''}`).join('; ')}`);
  }

  close() {
    return this.context.close();
  }

  #listen() {
    this.page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    this.page.on('console', (message) => {
      // The browser itself notes each answer that is no success; the tests look at what the page makes of those.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.complaints.push(message.text());
    });
    this.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
  }
}

let axeText;
async function readAxe() {
  return (axeText ??= await readFile(AXE, 'utf8'));
}
