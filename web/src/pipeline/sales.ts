// What can be said of a sale? The acts of the contract.
import { get, post, put, remove } from '../api';
import type { Board, BoardRow, BulkDone, CustomerPage, LostReason, Page, Stage } from '../types';

export type Scope = 'mine' | 'store';

export const readBoard = (scope: Scope, rows: number): Promise<Board> => get<Board>(`/api/pipeline?scope=${scope}&limit=${rows}`);

export const readVoid = (scope: Scope, rows: number): Promise<Page<BoardRow>> => get<Page<BoardRow>>(`/api/void?scope=${scope}&limit=${rows}`);

const of = (customer: number): string => `/api/customers/${customer}`;

export const sayStage = (customer: number, stage: Stage, why: string): Promise<CustomerPage> => put(`${of(customer)}/stage`, { stage, why });

export const undoStage = (customer: number): Promise<CustomerPage> => remove(`${of(customer)}/stage`);

export type GivenUp = { why: LostReason; note: string; again_ms: number | null };

export const sayLost = (customer: number, said: GivenUp): Promise<CustomerPage> => put(`${of(customer)}/lost`, said);

export const undoLost = (customer: number): Promise<CustomerPage> => remove(`${of(customer)}/lost`);

export const setFollowUp = (customer: number, due_ms: number, what: string): Promise<CustomerPage> => put(`${of(customer)}/follow-up`, { due_ms, what });

export const dropFollowUp = (customer: number): Promise<CustomerPage> => remove(`${of(customer)}/follow-up`);

export const undoFollowUp = (customer: number): Promise<CustomerPage> => post(`${of(customer)}/follow-up/undo`, {});

export const give = (customer: number, owner: number): Promise<BulkDone> => post('/api/customers/bulk', { ids: [customer], edit: { set: 'owner', value: owner } });

export const undoGive = (id: number): Promise<BulkDone> => post(`/api/bulk/${id}/undo`, {});
