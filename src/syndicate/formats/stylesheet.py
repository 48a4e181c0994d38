"""Make the raw XML of a feed readable to whoever opens it in a browser."""

CONTENT_TYPE = "text/css; charset=utf-8"

STYLESHEET = b"""\
@charset "UTF-8";
@namespace atom url("http://www.w3.org/2005/Atom");
:root { color-scheme: light dark; }
rss, feed, atom|feed {
  display: block; max-width: 42rem; margin: 2rem auto; padding: 0 1rem;
  font: 1rem/1.5 Georgia, "Times New Roman", serif;
}
rss::before, feed::before, atom|feed::before {
  content: "This is a feed. Copy its address into a feed reader to follow it."; display: block;
  margin-bottom: 1.5rem; padding: .75rem 1rem; border: 1px solid; font: .875rem/1.4 system-ui, sans-serif;
}
channel, item, entry, atom|entry { display: block; }
channel > *, item > *, feed > *, entry > *, atom|feed > *, atom|entry > * { display: none; }
channel > title, channel > description, channel > item, item > title, item > description, item > pubDate,
atom|feed > atom|title, atom|feed > atom|subtitle, atom|feed > atom|entry, atom|entry > atom|title,
atom|entry > atom|summary, atom|entry > atom|published { display: block; }
channel > title, atom|feed > atom|title { font-size: 2rem; font-weight: bold; }
channel > item, atom|feed > atom|entry { margin-top: 1.25rem; border-top: 1px solid; padding-top: 1rem; }
item > title, atom|entry > atom|title { font-size: 1.25rem; font-weight: bold; }
item > pubDate, atom|entry > atom|published { font: .8125rem system-ui, sans-serif; opacity: .75; }
"""
