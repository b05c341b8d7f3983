// Where does a car stand, and who said so?
import type { SayStanding, Standing, VehiclePage } from '../types';
import { moment, shortName, until } from '../words';

export const STEPS = [
  { value: 'inspection', label: 'Inspection' },
  { value: 'mechanical', label: 'Mechanical' },
  { value: 'body', label: 'Body' },
  { value: 'detail', label: 'Detail' },
  { value: 'photos', label: 'Photos' },
] as const;

export const WAYS: { value: SayStanding['t']; label: string }[] = [
  { value: 'back', label: 'For sale' },
  { value: 'held', label: 'On hold' },
  { value: 'recon', label: 'In recon' },
  { value: 'inbound', label: 'On its way' },
];

/** As the box begins: the way in which the car stands now. */
export function wayOf({ status }: Pick<VehiclePage, 'status'>): SayStanding['t'] {
  return status === 'hold' ? 'held' : status === 'recon' || status === 'inbound' ? status : 'back';
}

function whatWasSaid(status: VehiclePage['status'], said: Standing | null, now: number, zone: string): string {
  switch (status) {
    case 'hold': {
      const whom = said?.customer ? ` for ${said.customer.name}` : '';
      const end = said?.until_ms == null ? '' : ` until ${until(said.until_ms, now, zone)}`;
      return `On hold${whom}${end}`;
    }
    case 'recon': {
      const step = STEPS.find(({ value }) => value === said?.step)?.label;
      return step ? `In recon: ${step.toLowerCase()}` : 'In recon';
    }
    case 'inbound':
      return said?.due_ms == null ? 'On its way' : `On its way, due ${moment(said.due_ms, now, zone)}`;
    case 'missing':
      return 'Not in its feed any more';
    case 'sold':
      return 'Sold';
    case 'available':
    case null:
      return 'For sale';
  }
}

/** "On hold for Dana Whitfield until Fri 5:00 pm, since Tue. Sam R. said so: deposit taken." */
export function standingSaid(car: Pick<VehiclePage, 'status' | 'standing' | 'status_since_ms'>, now: number, zone: string): string {
  const { status, standing, status_since_ms: since } = car;
  const stands = `${whatWasSaid(status, standing, now, zone)}${since === null ? '' : `, since ${moment(since, now, zone)}`}.`;
  if (!standing?.by) return stands;
  const who = ` ${shortName(standing.by.name)} said so`;
  return `${stands}${who}${standing.note ? `: ${standing.note}` : ''}.`;
}
