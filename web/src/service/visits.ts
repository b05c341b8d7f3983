// What can be done in the service drive? The acts of the contract.
import { get, post, put, remove } from '../api';
import type { BookService, CheckIn, CheckInMatches, MoveTo, RefusedHow, ServiceBoard, ServiceCard, ServiceDetail, TalkState } from '../types';

export const readBoard = (day: string): Promise<ServiceBoard> => get<ServiceBoard>(`/api/service?day=${day}`);

export const readDetail = (card: ServiceCard): Promise<ServiceDetail> =>
  get<ServiceDetail>(card.visit === null ? `/api/service/bookings/${card.appointment}` : `/api/service/visits/${card.visit}`);

export const find = (typed: string, signal?: AbortSignal): Promise<CheckInMatches> =>
  get<CheckInMatches>(`/api/service/find?q=${encodeURIComponent(typed)}`, signal ? { signal } : {});

export const arrive = (said: Partial<CheckIn>): Promise<ServiceDetail> => post<ServiceDetail>('/api/service/visits', said);

export const move = (visit: number, to: MoveTo, bay: string): Promise<ServiceDetail> =>
  post<ServiceDetail>(`/api/service/visits/${visit}/move`, { to, bay });

export const quote = (visit: number, quote_cents: number | null): Promise<ServiceDetail> =>
  put<ServiceDetail>(`/api/service/visits/${visit}/quote`, { quote_cents });

export const odometer = (visit: number, shown: string, isRight: boolean): Promise<ServiceDetail> =>
  put<ServiceDetail>(`/api/service/visits/${visit}/odometer`, { odometer: shown, odometer_is_right: isRight });

export const askSales = (visit: number): Promise<ServiceDetail> => post<ServiceDetail>(`/api/service/visits/${visit}/sales`, {});

export const salesNotNeeded = (visit: number): Promise<ServiceDetail> => post<ServiceDetail>(`/api/service/visits/${visit}/sales/undo`, {});

export const refuse = (customer: number, how: RefusedHow): Promise<TalkState> => post<TalkState>(`/api/customers/${customer}/talk/refuse`, { how });

export const allow = (customer: number): Promise<TalkState> => post<TalkState>(`/api/customers/${customer}/talk/allow`, {});

export const book = (said: Partial<BookService>): Promise<ServiceDetail> => post<ServiceDetail>('/api/service/bookings', said);

export const unbook = (appointment: number): Promise<void> => remove<void>(`/api/service/bookings/${appointment}`);
