// Why did somebody not buy, and when is it tried again?
import type { LostReason } from '../types';
import { sentenceCase } from '../words';

export const REASON_WORDS: Record<LostReason, string> = {
  price: 'price or payment',
  credit: 'credit',
  no_match: 'no car that fits',
  trade_value: 'value of the trade',
  timing: 'later',
  bought_elsewhere: 'bought elsewhere',
  not_buying: 'not buying',
  out_of_area: 'too far away',
  unreachable: 'cannot be reached',
  wrong_number: 'wrong number',
  bought_here: 'bought here under another name',
  do_not_contact: 'asked not to be contacted',
  duplicate: 'entered twice',
  unknown: 'another reason',
};

/** To choose from, the most frequent first, without those that cannot be meant here. */
export function reasonsBut(without: readonly LostReason[]): { value: LostReason; label: string }[] {
  const all = Object.keys(REASON_WORDS) as LostReason[];
  return all.filter((why) => !without.includes(why)).map((why) => ({ value: why, label: sentenceCase(REASON_WORDS[why]) }));
}

/** Days until the store tries again by itself, to show before it is asked: what the reason says where nobody says more. */
export const AGAIN_AFTER_DAYS: Partial<Record<LostReason, number>> = {
  credit: 90,
  bought_elsewhere: 730,
  timing: 45,
  trade_value: 45,
  unreachable: 45,
  not_buying: 45,
};
