// Who wants what is not here, in words?
import type { NotHereRow } from '../types';
import { list, plural } from '../words';

/** "2 wish for it, 3 looked at one that went, and 4 we don’t know" */
export function whoWants({ wishes, looked, unknown }: Pick<NotHereRow, 'wishes' | 'looked' | 'unknown'>): string {
  const wished = wishes === 0 ? [] : [wishes === 1 ? '1 wishes for it' : `${wishes} wish for it`];
  const known = looked === 0 ? [] : [`${looked} looked at one that went`];
  const others = unknown === 0 ? [] : [known.length > 0 ? `${unknown} we don’t know` : `${plural(unknown, 'shopper')} we don’t know looked at one that went`];
  return list([...wished, ...known, ...others]);
}
