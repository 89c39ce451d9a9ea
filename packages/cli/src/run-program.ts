/** Runs a program with our own streams; its exit status, 128 when a signal ended it, or undefined where there is none. */
export async function runProgram(path: string, args: readonly string[]): Promise<number | undefined> {
  // Only now: it brings Node's network code with it, and most commands run no program.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: 'inherit' });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(undefined);
      else reject(error);
    });
    child.on('exit', (status) => {
      resolve(status ?? 128);
    });
  });
}
