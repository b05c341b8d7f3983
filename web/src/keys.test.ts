// Do keys act where they should, and nowhere else?
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Binding, caps, Keys, spell } from './keys.svelte';

let keys: Keys;

beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = '';
  keys = new Keys();
});

function binding(pressed: string, change: Partial<Binding> = {}): Binding & { run: ReturnType<typeof vi.fn> } {
  return { keys: pressed, label: pressed, group: 'Test', run: vi.fn(), ...change } as never;
}

function press(key: string, options: KeyboardEventInit & { on?: Element; at_ms?: number } = {}): KeyboardEvent {
  const { on = document.body, at_ms = 0, ...init } = options;
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  on.addEventListener('keydown', (heard) => keys.press(heard as KeyboardEvent, at_ms), { once: true });
  on.dispatchEvent(event);
  return event;
}

function field(): HTMLTextAreaElement {
  const element = document.createElement('textarea');
  document.body.append(element);
  return element;
}

describe('a single letter', () => {
  test('acts, and is not typed', () => {
    const j = binding('j');
    keys.use([j]);
    expect(press('j').defaultPrevented).toBe(true);
    expect(j.run).toHaveBeenCalledTimes(1);
  });

  test('does nothing while a text field has the focus', () => {
    const j = binding('j');
    keys.use([j]);
    expect(press('j', { on: field() }).defaultPrevented).toBe(false);
    expect(j.run).not.toHaveBeenCalled();
  });

  test('does not act with Ctrl held, which is the browser\'s', () => {
    const c = binding('c');
    keys.use([c]);
    press('c', { ctrlKey: true });
    expect(c.run).not.toHaveBeenCalled();
  });

  test('repeats only where repeating makes sense', () => {
    const j = binding('j', { repeats: true });
    const e = binding('e');
    keys.use([j, e]);
    press('j', { repeat: true });
    press('e', { repeat: true });
    expect(j.run).toHaveBeenCalledTimes(1);
    expect(e.run).not.toHaveBeenCalled();
  });

  test('can be turned off on this device', () => {
    const [j, palette] = [binding('j'), binding('Mod+k')];
    keys.use([j, palette]);
    keys.letters = 'off';
    press('j');
    press('k', { ctrlKey: true });
    expect(j.run).not.toHaveBeenCalled();
    expect(palette.run).toHaveBeenCalledTimes(1);
    expect(new Keys().letters).toBe('off');
  });

  test('can be made to need Alt, whatever the keyboard types with it', () => {
    const j = binding('j');
    keys.use([j]);
    keys.letters = 'alt';
    press('j');
    expect(j.run).not.toHaveBeenCalled();
    press('∆', { altKey: true, code: 'KeyJ' });
    expect(j.run).toHaveBeenCalledTimes(1);
  });
});

describe('a sequence', () => {
  test('acts on its second key', () => {
    const go = binding('g n');
    keys.use([go]);
    press('g');
    press('n', { at_ms: 400 });
    expect(go.run).toHaveBeenCalledTimes(1);
  });

  test('goes before the second key\'s own meaning', () => {
    const [go, n] = [binding('g n'), binding('n')];
    keys.use([go, n]);
    press('g');
    press('n', { at_ms: 400 });
    expect(n.run).not.toHaveBeenCalled();
  });

  test('is forgotten after a pause', () => {
    const [go, n] = [binding('g n'), binding('n')];
    keys.use([go, n]);
    press('g');
    press('n', { at_ms: 2_000 });
    expect(go.run).not.toHaveBeenCalled();
    expect(n.run).toHaveBeenCalledTimes(1);
  });
});

describe('layers', () => {
  test('let the nearest meaning of a key win, and give it back', () => {
    const [far, near] = [binding('j'), binding('j')];
    keys.use([far]);
    const stop = keys.use([near]);
    press('j');
    stop();
    press('j');
    expect(near.run).toHaveBeenCalledTimes(1);
    expect(far.run).toHaveBeenCalledTimes(1);
  });

  test('under a dialog do not act', () => {
    const [j, escape] = [binding('j'), binding('Escape')];
    keys.use([j]);
    keys.use([escape], { modal: true });
    press('j');
    press('Escape');
    expect(j.run).not.toHaveBeenCalled();
    expect(escape.run).toHaveBeenCalledTimes(1);
  });

  test('that go under all others give way to them', () => {
    const [screen, everywhere] = [binding('n'), binding('n')];
    keys.use([screen]);
    keys.use([everywhere], { under: true });
    press('n');
    expect(screen.run).toHaveBeenCalledTimes(1);
    expect(everywhere.run).not.toHaveBeenCalled();
  });
});

test('Enter belongs to a focused button before it belongs to the screen', () => {
  const enter = binding('Enter');
  keys.use([enter]);
  const button = document.createElement('button');
  document.body.append(button);
  press('Enter', { on: button });
  expect(enter.run).not.toHaveBeenCalled();
  press('Enter');
  expect(enter.run).toHaveBeenCalledTimes(1);
});

test('a key that types nothing may act inside a field when it says so', () => {
  const send = binding('Mod+Enter', { inFields: true });
  keys.use([send]);
  press('Enter', { on: field(), ctrlKey: true });
  expect(send.run).toHaveBeenCalledTimes(1);
});

test('a question mark is itself on every keyboard', () => {
  expect(spell(new KeyboardEvent('keydown', { key: '?', shiftKey: true }))).toBe('?');
  expect(spell(new KeyboardEvent('keydown', { key: 'J', shiftKey: true }))).toBe('Shift+j');
});

test('keys are drawn as the caps that people see', () => {
  expect(caps('g n')).toEqual(['G', 'N']);
  expect(caps('Mod+k')).toEqual(['Ctrl K']);
  expect(caps('Enter')).toEqual(['↵']);
});
