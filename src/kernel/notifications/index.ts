export { html, Html } from './html.js';
export { type Letter, type LetterRow, render, type Rendered } from './letter.js';
export { mailAddress, type MailAddress } from './mail-address.js';
export { type Mail, Mailer, MailRefused } from './mailer.js';
export { NotificationsModule } from './notifications.module.js';
export { oneLine } from './one-line.js';
