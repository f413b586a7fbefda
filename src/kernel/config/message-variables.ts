import {
  allowedHosts,
  names,
  path,
  ports,
  sender,
  signingSecrets,
  smtpUrl,
  text,
  url,
  whole,
} from './fields.js';
import { inSection } from './section.js';

const webhooks = inSection('Webhooks (to tenants, and to services whose secret is set)');
const mail = inSection('Mail to buyers (none is sent without SMTP_URL)');
const alerts = inSection('Alerts to operators (to the log without a token)');

/** The variables of what leaves for others: webhooks, mail and alerts. */
export const messageVariables = {
  WEBHOOK_ALLOWED_HOSTS: webhooks.defaulted(
    allowedHosts(),
    '',
    'private hosts that may be reached, outside production by http too: host, host:port or host:*',
  ),
  WEBHOOK_PORTS: webhooks.defaulted(ports(), '443,80', 'ports that may be reached'),
  TICKET_SERVICE_WEBHOOK_SECRET: webhooks.optional(
    signingSecrets(),
    'signs what the ticket service is told; a comma-separated list rotates, each signs',
    { secret: true, example: 'whsec_<openssl rand -base64 32>' },
  ),
  TICKET_SERVICE_WEBHOOK_PATH: webhooks.defaulted(
    path(),
    '/api/v1/webhooks/payment-confirmed',
    'where it is told, below TICKET_SERVICE_URL',
  ),
  TICKET_SERVICE_WEBHOOK_EVENTS: webhooks.defaulted(
    names(),
    'payment.completed,order.paid',
    'what it is told of, comma separated',
  ),
  ORDER_SERVICE_WEBHOOK_SECRET: webhooks.optional(
    signingSecrets(),
    'signs what the order service is told; a comma-separated list rotates, each signs',
    { secret: true, example: 'whsec_<openssl rand -base64 32>' },
  ),
  ORDER_SERVICE_WEBHOOK_PATH: webhooks.defaulted(
    path(),
    '/api/v1/webhooks/payments',
    'where it is told, below ORDER_SERVICE_URL',
  ),
  ORDER_SERVICE_WEBHOOK_EVENTS: webhooks.defaulted(
    names(),
    'payment.completed,refund.completed,refund.reversed,dispute.opened,dispute.won,dispute.lost',
    'what it is told of, comma separated',
  ),

  SMTP_URL: mail.optional(
    smtpUrl(),
    'mail server; STARTTLS is a must with a user, unless ?requireTLS=false',
    {
      secret: true,
      example: 'smtp://user:password@smtp.example.com:587',
    },
  ),
  MAIL_FROM: mail.optional(sender(), 'sender, needed with SMTP_URL', {
    example: 'TicketToken <receipts@example.com>',
  }),
  SMTP_TIMEOUT_MS: mail.defaulted(
    whole(100, 7_500),
    '5000',
    'longest silence of the mail server, milliseconds; three times that for a whole mail',
  ),

  SLACK_BOT_TOKEN: alerts.optional(text('must be a bot token'), 'bot token with chat:write', {
    secret: true,
    example: 'xoxb-change-me',
  }),
  SLACK_CHANNEL_ID: alerts.optional(
    text('must be a channel id'),
    'channel to write to, needed with SLACK_BOT_TOKEN',
    { example: 'C0123456789' },
  ),
  SLACK_API_BASE: alerts.defaulted(url(), 'https://slack.com/api', 'base address of the API'),
  ALERT_EVERY_SECONDS: alerts.defaulted(
    whole(1, 86_400),
    '900',
    'shortest time between two messages about the same, seconds',
  ),
};
