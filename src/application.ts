import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Config } from './kernel/config/index.js';
import { configureApp, createHttpAdapter, serveOpenApi } from './kernel/http/index.js';
import { limitRequests } from './kernel/http/rate-limits/index.js';
import { createLogger, NestLogger } from './kernel/observability/index.js';

/** The whole application, ready to listen; `extra` modules are the sandbox's. */
export async function createApplication(
  config: Config,
  extra: readonly DynamicModule[] = [],
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.register(config, extra),
    createHttpAdapter(config),
    {
      logger: new NestLogger(createLogger(config.log.level)),
      abortOnError: false,
    },
  );
  await configureApp(app, config);
  limitRequests(app);
  serveOpenApi(app);
  return app;
}
