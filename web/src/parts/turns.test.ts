// Is what the store said of an older state ever shown over what was done or asked since?
import { describe, expect, test, vi } from 'vitest';
import { Turns } from './turns';

/** A question whose answer comes when the test says. */
function later<Answer>(): { ask: () => Promise<Answer>; answer: (answer: Answer) => void; fail: (why: Error) => void } {
  let answer: (answer: Answer) => void = () => {};
  let fail: (why: Error) => void = () => {};
  const promise = new Promise<Answer>((resolve, reject) => ([answer, fail] = [resolve, reject]));
  return { ask: () => promise, answer, fail };
}

describe('of two questions', () => {
  test('the later one counts, whichever is answered first', async () => {
    const turns = new Turns();
    const [first, second] = [later<string>(), later<string>()];
    const taken = vi.fn();
    const done = Promise.all([turns.read(first.ask, taken, taken), turns.read(second.ask, taken, taken)]);
    second.answer('new');
    first.answer('old');
    await done;
    expect(taken.mock.calls).toEqual([['new']]);
  });

  test('a refusal of the earlier one is not heard', async () => {
    const turns = new Turns();
    const [first, second] = [later<string>(), later<string>()];
    const [taken, refused] = [vi.fn(), vi.fn()];
    const done = Promise.all([turns.read(first.ask, taken, refused), turns.read(second.ask, taken, refused)]);
    first.fail(new Error('too late'));
    second.answer('new');
    await done;
    expect(refused).not.toHaveBeenCalled();
    expect(taken).toHaveBeenCalledExactlyOnceWith('new');
  });
});

describe('while the store is being told something', () => {
  test('nothing is asked, and what was asked before is not shown', async () => {
    const turns = new Turns();
    const [before, telling] = [later<string>(), later<string>()];
    const [taken, asked] = [vi.fn(), vi.fn()];
    const reading = turns.read(before.ask, taken, taken);
    const writing = turns.write(telling.ask, () => {});
    await turns.read(() => Promise.resolve(asked()), taken, taken);
    before.answer('as it was');
    await reading;
    expect(asked).not.toHaveBeenCalled();
    expect(taken).not.toHaveBeenCalled();
    telling.answer('done');
    await writing;
  });

  test('it is asked anew at the end, when it refused too', async () => {
    const turns = new Turns();
    const telling = later<string>();
    const again = vi.fn();
    const writing = turns.write(telling.ask, again);
    telling.fail(new Error('no'));
    await expect(writing).rejects.toThrow('no');
    expect(again).toHaveBeenCalledOnce();
    const taken = vi.fn();
    await turns.read(() => Promise.resolve('as it is'), taken, taken);
    expect(taken).toHaveBeenCalledExactlyOnceWith('as it is');
  });
});
