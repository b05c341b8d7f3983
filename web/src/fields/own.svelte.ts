// Which fields has this store defined for its customers? For the screens that offer them.
import { get } from '../api';
import type { FieldList, OwnField } from '../types';

class OwnFields {
  all = $state.raw<OwnField[]>([]);

  /** A list works without them, so a failure is silent: those read before stand. */
  async read(): Promise<void> {
    try {
      this.all = (await get<FieldList>('/api/fields')).fields;
    } catch {
      return;
    }
  }
}

export const ownFields = new OwnFields();
