// A reporter for scripts: one line of JSON for each test that ran. `asserted` is false where a test
// ended by anything but an assertion: its time, a hook, a server that is gone, a mistake of its own.
export default async function* outcomes(source) {
  for await (const { type, data } of source) {
    if (!['test:pass', 'test:fail'].includes(type) || data.skip || data.todo) continue;
    const { failureType, cause } = data.details.error ?? {};
    yield `${JSON.stringify({
      title: data.name,
      passed: type === 'test:pass',
      asserted: failureType === 'testCodeFailure' && cause?.code === 'ERR_ASSERTION',
      said: `${cause?.message ?? cause ?? failureType ?? ''}`.replaceAll(/\s+/g, ' ').trim(),
    })}\n`;
  }
}
