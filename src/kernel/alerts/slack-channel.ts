import { Injectable, Logger } from '@nestjs/common';
import type { SlackConfig } from '../config/index.js';
import type { DueAlert } from './alert.js';
import { AlertChannel, ChannelAway } from './alert-channel.js';
import { alertText } from './alert-text.js';

const TIMEOUT_MS = 8_000;
/** Slack cuts a message off after this many characters (docs.slack.dev, chat.postMessage). */
const LONGEST = 38_000;

/** Slack, by a bot token with `chat:write`. Its library is loaded with the first alert. */
@Injectable()
export class SlackChannel extends AlertChannel {
  private readonly log = new Logger(SlackChannel.name);
  private client: ReturnType<SlackChannel['open']> | undefined;

  constructor(private readonly config: SlackConfig) {
    super();
  }

  async post(alerts: readonly DueAlert[]): Promise<void> {
    this.client ??= this.open().catch((error: unknown) => {
      this.client = undefined;
      throw error;
    });
    const client = await this.client;
    try {
      await client.chat.postMessage({
        channel: this.config.channel,
        text: escaped(alertText(alerts)).slice(0, LONGEST),
        mrkdwn: false,
        parse: 'none',
        unfurl_links: false,
        unfurl_media: false,
      });
    } catch (error) {
      throw away(error);
    }
  }

  private async open() {
    const { LogLevel, WebClient } = await import('@slack/web-api');
    const said = (...words: readonly unknown[]) => {
      this.log.debug(words.map(String).join(' '));
    };
    return new WebClient(this.config.token, {
      slackApiUrl: `${this.config.apiBase}/`,
      timeout: TIMEOUT_MS,
      // Rows remember what is still to be told, and when: a client that waits would hold their lease.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: {
        debug: said,
        info: said,
        warn: said,
        error: said,
        setLevel: () => undefined,
        getLevel: () => LogLevel.ERROR,
        setName: () => undefined,
      },
    });
  }
}

/** The three characters that mean something in Slack's text (docs.slack.dev, formatting). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function away(error: unknown): ChannelAway {
  const { code, retryAfter, data } = (error ?? {}) as {
    readonly code?: unknown;
    readonly retryAfter?: unknown;
    readonly data?: { readonly error?: unknown };
  };
  const why = [code, data?.error].filter((part) => typeof part === 'string').join(' ');
  const message = `Slack did not take the message: ${why || 'unknown error'}`;
  return new ChannelAway(message, typeof retryAfter === 'number' ? retryAfter : undefined);
}
