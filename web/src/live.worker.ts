// Why one stream a browser? Six open pages would use up every connection the browser grants a host, so they share this one.
import { LiveStream, type News } from './live.stream';
import type { Hello } from './types';

type Ask = 'start' | 'stop' | 'bye';

const pages = new Set<MessagePort>();
let stream: LiveStream | null = null;
let greeting: { hello: Hello; at_ms: number } | null = null;

function tell(news: News): void {
  if (news.is === 'hello') greeting = { hello: news.hello, at_ms: Date.now() };
  if (news.is === 'lost') greeting = null;
  for (const page of pages) page.postMessage(news);
}

function join(page: MessagePort): void {
  pages.add(page);
  if (stream === null) stream = new LiveStream(tell);
  else if (greeting) page.postMessage(greetLate(greeting));
  else stream.restart();
}

// A page that joins later gets the same greeting, with the time as it is by now.
function greetLate({ hello, at_ms }: { hello: Hello; at_ms: number }): News {
  return { is: 'hello', hello: { ...hello, now_ms: hello.now_ms + Date.now() - at_ms } };
}

function leave(page: MessagePort): void {
  pages.delete(page);
  if (pages.size > 0) return;
  stream?.stop();
  stream = null;
  greeting = null;
}

// The worker's own scope, which the page's type library does not know.
const scope = self as unknown as { onconnect: (event: MessageEvent) => void };

scope.onconnect = (event) => {
  const page = event.ports[0];
  if (!page) return;
  page.onmessage = (message: MessageEvent<Ask>) => {
    if (message.data === 'start') join(page);
    else leave(page);
  };
};
