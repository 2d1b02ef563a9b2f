// s3rver takes every well-formed signature of version 4; here each is worked out from the request as it came, and compared.
// Usage: node start.js DIRECTORY BUCKET
const { createHash, createHmac } = require('node:crypto');
const S3rver = require('s3rver');

const secrets = { S3RVER: 'S3RVER' };
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

// The parts of a signature in the header Authorization, or in the query of a signed address.
function signatureOf(request, query) {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const part = (name) => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1] ?? '';
    return {
      credential: part('Credential'),
      headers: part('SignedHeaders'),
      given: part('Signature'),
      time: request.headers['x-amz-date'],
      content: request.headers['x-amz-content-sha256'],
    };
  }
  return {
    credential: query.get('X-Amz-Credential') ?? '',
    headers: query.get('X-Amz-SignedHeaders') ?? '',
    given: query.get('X-Amz-Signature') ?? '',
    time: query.get('X-Amz-Date'),
    content: 'UNSIGNED-PAYLOAD',
  };
}

function isGenuine(request) {
  const [path, rawQuery = ''] = request.url.split('?');
  const { credential, headers, given, time, content } = signatureOf(request, new URLSearchParams(rawQuery));
  const [id, ...scope] = credential.split('/');
  const canonical = [
    request.method,
    path,
    rawQuery
      .split('&')
      .filter((p) => p !== '' && !p.startsWith('X-Amz-Signature='))
      .map((p) => (p.includes('=') ? p : `${p}=`))
      .sort()
      .join('&'),
    ...headers.split(';').map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    headers,
    content,
  ].join('\n');
  const key = scope.reduce(hmac, `AWS4${secrets[id]}`);
  return hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')).toString('hex') === given;
}

const [directory, bucket] = process.argv.slice(2);
const server = new S3rver({
  directory,
  address: '127.0.0.1',
  port: 0,
  silent: true,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket }],
});
server.middleware.unshift(async (context, next) => {
  if (isGenuine(context.req)) {
    await next();
    return;
  }
  context.status = 403;
  context.type = 'application/xml';
  context.body =
    '<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided.</Message></Error>';
});
server.run().then(({ port }) => console.log(`listening on ${port}`));
