// Am I free for the next lead? The one act behind the switch, the key 0 and the palette.
import { session } from '../session.svelte';
import { undo } from '../undo.svelte';

export async function toggleAvailable(): Promise<void> {
  const available = !session.me.user.available;
  try {
    await session.setAvailable(available);
    const back = (): void => void toggleAvailable();
    undo.say(available ? 'You are taking new leads.' : 'New leads go to the next free person.', back);
  } catch (thrown) {
    undo.problem(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
