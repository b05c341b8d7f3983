// What can be done with a visit? The acts of the contract.
import { get, post } from '../api';
import type { Floor, Visit, VisitResult, VisitStep, WalkIn } from '../types';

export const readFloor = (): Promise<Floor> => get<Floor>('/api/floor');

/** Whom a visit is opened for: a customer by number, or somebody who walked in. */
export type Visitor = { customer: number } | { walk_in: WalkIn };

export const open = (visitor: Visitor, withWhom: number, vehicle: number | null): Promise<Visit> =>
  post<Visit>('/api/visits', { ...visitor, with: withWhom, vehicle });

export const step = (id: number, step: VisitStep, done: boolean): Promise<Visit> => post<Visit>(`/api/visits/${id}/steps`, { step, done });

export const end = (id: number, result: VisitResult, note: string): Promise<Visit> => post<Visit>(`/api/visits/${id}/end`, { result, note });

export const reopen = (id: number): Promise<Visit> => post<Visit>(`/api/visits/${id}/reopen`, {});
