// npm run build: compiles the application, and with --tests what `npm run bench` runs.
// --watch rebuilds on change and restarts the application, from the compiled files: to bundle them
// takes longer than it saves.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import path from 'node:path';
import { compile, compileFile, PROGRAM, root } from './compile.mjs';

await compile(process.argv.includes('--tests') ? [...PROGRAM, 'test'] : PROGRAM);

if (process.argv.includes('--watch')) {
  let app;
  let timer;
  const start = () => {
    app = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
      cwd: root,
      stdio: 'inherit',
    });
  };
  const restart = (file) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        await compileFile(file);
      } catch (error) {
        console.error(String(error));
        return;
      }
      console.log(`${file} changed, restarting`);
      app.once('exit', start);
      if (!app.kill('SIGTERM')) start();
    }, 50);
  };
  for (const folder of PROGRAM) {
    watch(
      path.join(root, folder),
      { recursive: true },
      (_, file) => file?.endsWith('.ts') && restart(path.join(folder, file)),
    );
  }
  start();
}
