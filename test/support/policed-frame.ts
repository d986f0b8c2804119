/** Runs a module in a frame under a content security policy of its own. */

/**
 * @param policy as in the header; the runner's own scripts stay allowed
 * @param code body of an async function; its result must be JSON
 */
export async function underPolicy<T>(policy: string, code: string): Promise<T> {
  const frame = document.createElement('iframe');
  const name = `result-${String(Math.random())}`;
  const answer = new Promise<T>((resolve, reject) => {
    const listen = ({
      data,
    }: MessageEvent<{ readonly name?: string; readonly result?: T; readonly error?: string }>) => {
      if (data.name !== name) return;
      window.removeEventListener('message', listen);
      if (data.error === undefined) resolve(data.result as T);
      else reject(new Error(data.error));
    };
    window.addEventListener('message', listen);
  });
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${policy.replaceAll('"', '&quot;')}">
    <base href="${location.href}">
    <script type="module">
      const run = async () => {${code}};
      run().then(
        (result) => parent.postMessage({ name: '${name}', result }, '*'),
        (error) => parent.postMessage({ name: '${name}', error: String(error) }, '*'),
      );
    </script>`;
  document.body.append(frame);
  try {
    return await answer;
  } finally {
    frame.remove();
  }
}
