// Where did we stand in the list of vehicles?
import { KeptList } from '../parts/kept.svelte';
import type { VehicleRow } from '../types';

export const vehicleList = new KeptList<VehicleRow>();
