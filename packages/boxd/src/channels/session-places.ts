import type { ContextJournal } from "../journal/journal.ts";

/** How far a connection has come in a context's journal. */
export type SessionPlace = { sequence: number };

/** Enough for every tab that somebody may come back to; the one that was away for longest is forgotten first. */
const maxSessions = 64;
const places = new WeakMap<ContextJournal, Map<string, SessionPlace>>();

/**
 * The place of a session's new connection: after the last message that its connection before was sent, or for a new
 * session the journal's head. A connection that is still open stays open: gateway clients leave some behind, and
 * connect anew where one of them is closed.
 */
export function resumeSession(journal: ContextJournal, session: string): SessionPlace {
  const sessions = places.get(journal) ?? new Map<string, SessionPlace>();
  places.set(journal, sessions);
  const place = { sequence: sessions.get(session)?.sequence ?? journal.head };
  sessions.delete(session);
  sessions.set(session, place);
  const [oldest] = sessions.keys();
  if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
  return place;
}
