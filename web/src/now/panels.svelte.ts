// Which list of the card is open? Shared by the card's buttons, its keys and the palette.

export type Panel = 'snooze' | 'handoff' | 'done' | 'no_lead' | 'score' | 'snooze_custom' | 'done_other' | null;

class Panels {
  /** How far down the list was left on a phone, where a card takes its place. */
  listTop = 0;

  open = $state<Panel>(null);
  /** "Review text" on a phone: the card opens at its message, not at its head. */
  opensAtMessage = $state(false);
}

export const panels = new Panels();
