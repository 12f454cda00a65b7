// node providers.mjs <base URL of a gateway that has every provider>
import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, streamText } from 'ai';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';

const baseURL = process.argv[2];
const apiKey = 'sk-serai-dev';
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });

const KINDS = {
  openai: { chat: 'openai/gpt-4o-mini', embed: ['openai/text-embedding-3-small'] },
  openrouter: {
    chat: 'openrouter/anthropic/claude-sonnet-4',
    embed: ['openrouter/openai/text-embedding-3-small'],
  },
  anthropic: { chat: 'anthropic/claude-haiku-4-5' },
  bedrock: {
    chat: 'bedrock/anthropic.claude-3-haiku-20240307-v1:0',
    embed: ['bedrock/amazon.titan-embed-text-v2:0', 'bedrock/cohere.embed-english-v3'],
  },
  local: { chat: 'local/serai-local', embed: ['local/all-MiniLM-L6-v2'], plain: true },
};

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'The weather in a city',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
      },
    },
  },
];
const FORMAT = zodResponseFormat(z.object({ city: z.string(), camels: z.number() }), 'inn');

// No two prompts are alike: none is answered from the cache.
let asked = 0;
const prompt = (text = 'Who drinks at the well?') => `${text} (${++asked})`;
const user = (text) => [{ role: 'user', content: prompt(text) }];
const isText = (kind, text) =>
  kind.plain
    ? assert.match(text, /You said: Who drinks at the well\? \(\d+\)$/)
    : assert.equal(text, 'Forty camels drink at the well.');
const areCalls = (calls) => {
  assert.deepEqual(
    calls.map((call) => [call.type, call.function.name, JSON.parse(call.function.arguments)]),
    [
      ['function', 'weather', { city: 'Sivas' }],
      ['function', 'weather', { city: 'Tokat' }],
    ],
  );
  assert.equal(new Set(calls.map((call) => call.id)).size, 2);
};
const isError = async (promise, type, status) => {
  const error = await promise.then(() => assert.fail('no error'), (thrown) => thrown);
  assert.ok(error instanceof type, String(error));
  assert.equal(error.status, status);
  assert.ok(error.requestID || error.headers.get('x-serai-request-id'));
  return error;
};

const CHECKS = {
  async chat(kind) {
    const answer = await client.chat.completions.create({ model: kind.chat, messages: user() });
    isText(kind, answer.choices[0].message.content);
    assert.equal(answer.object, 'chat.completion');
    assert.equal(answer.choices[0].finish_reason, 'stop');
    assert.ok(answer.usage.prompt_tokens > 0 && answer.usage.completion_tokens > 0);
    assert.equal(
      answer.usage.total_tokens,
      answer.usage.prompt_tokens + answer.usage.completion_tokens,
    );
  },

  async stream(kind) {
    const chunks = [];
    const stream = await client.chat.completions.create({
      model: kind.chat,
      messages: user(),
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) chunks.push(chunk);
    const pieces = chunks.map((c) => c.choices[0]?.delta?.content).filter(Boolean);
    isText(kind, pieces.join(''));
    assert.ok(pieces.length > 4, `${pieces.length} pieces`);
    assert.equal(new Set(chunks.map((c) => c.id)).size, 1);
    const reasons = chunks.map((c) => c.choices[0]?.finish_reason).filter(Boolean);
    assert.deepEqual(reasons, ['stop']);
    assert.ok(chunks.at(-1).usage.total_tokens > 0);
  },

  async tools(kind) {
    if (kind.plain) return '–';
    const messages = user();
    const ask = { model: kind.chat, tools: TOOLS };
    const first = await client.chat.completions.create({ ...ask, messages, tool_choice: 'auto' });
    assert.equal(first.choices[0].finish_reason, 'tool_calls');
    const { message } = first.choices[0];
    areCalls(message.tool_calls);
    messages.push(message);
    for (const call of message.tool_calls) {
      messages.push({ role: 'tool', tool_call_id: call.id, content: '7 degrees' });
    }
    const second = await client.chat.completions.create({ ...ask, messages });
    isText(kind, second.choices[0].message.content);
  },

  async 'tools, streamed'(kind) {
    if (kind.plain) return '–';
    let deltas = 0;
    const run = client.chat.completions
      .stream({ model: kind.chat, messages: user(), tools: TOOLS })
      .on('chunk', (chunk) => {
        deltas += chunk.choices[0]?.delta?.tool_calls?.length ?? 0;
      });
    const answer = await run.finalChatCompletion();
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    areCalls(answer.choices[0].message.tool_calls);
    assert.ok(deltas > 4, `${deltas} deltas`);
  },

  async 'JSON schema'(kind) {
    if (kind.plain) return '–';
    const ask = { model: kind.chat, response_format: FORMAT };
    const whole = await client.chat.completions.parse({ ...ask, messages: user() });
    const run = client.chat.completions.stream({ ...ask, messages: user() });
    const streamed = await run.finalChatCompletion();
    for (const answer of [whole, streamed]) {
      assert.equal(answer.choices[0].finish_reason, 'stop');
      assert.deepEqual(answer.choices[0].message.parsed, { city: 'Sivas', camels: 40 });
    }
  },

  async embeddings(kind) {
    if (!kind.embed) {
      const ask = client.embeddings.create({ model: kind.chat, input: 'one' });
      await isError(ask, OpenAI.BadRequestError, 400);
      return '–';
    }
    for (const model of kind.embed) {
      const input = [prompt('one'), prompt('two')];
      const base64 = await client.embeddings.create({ model, input });
      const float = await client.embeddings.create({ model, input, encoding_format: 'float' });
      const single = await client.embeddings.create({ model, input: input[1] });
      assert.equal(base64.data.length, 2);
      for (const [i, item] of base64.data.entries()) {
        assert.equal(item.index, i);
        assert.ok(item.embedding.length > 3 && item.embedding.every(Number.isFinite));
        const near = item.embedding.every(
          (value, at) => Math.abs(value - float.data[i].embedding[at]) < 1e-6,
        );
        assert.ok(near, 'base64 and float differ');
      }
      assert.notDeepEqual(base64.data[0].embedding, base64.data[1].embedding);
      single.data[0].embedding.forEach((value, at) =>
        assert.ok(Math.abs(value - base64.data[1].embedding[at]) < 1e-3, 'the order changed'),
      );
      assert.ok(base64.usage.prompt_tokens > 0);
    }
  },

  async models(kind) {
    const listed = [];
    for await (const model of client.models.list()) listed.push(model.id);
    assert.ok(listed.includes(kind.chat), `${kind.chat} is not among ${listed.length}`);
    const model = await client.models.retrieve(kind.chat);
    assert.equal(model.id, kind.chat);
    assert.equal(model.object, 'model');
  },

  async errors(kind) {
    const unknown = { model: `${kind.chat.split('/')[0]}x/none`, messages: user() };
    await isError(client.chat.completions.create(unknown), OpenAI.NotFoundError, 404);
    const nobody = new OpenAI({ baseURL, apiKey: 'sk-serai-nobody', maxRetries: 0 });
    const refused = nobody.chat.completions.create({ model: kind.chat, messages: user() });
    await isError(refused, OpenAI.AuthenticationError, 401);
    if (kind.plain) return;
    for (const stream of [false, true]) {
      const ask = { model: kind.chat, messages: user('please fail'), stream };
      const error = await isError(
        client.chat.completions.create(ask),
        OpenAI.BadRequestError,
        400,
      );
      assert.match(error.message, /asked to fail/);
    }
  },

  async '@langchain/openai'(kind) {
    const model = new ChatOpenAI({ model: kind.chat, apiKey, configuration: { baseURL } });
    isText(kind, (await model.invoke(prompt())).content);
    const pieces = [];
    for await (const chunk of await model.stream(prompt())) pieces.push(chunk.content);
    isText(kind, pieces.join(''));
    assert.ok(pieces.length > 4);
  },

  async ai(kind) {
    const provider = createOpenAICompatible({ name: 'serai', baseURL, apiKey });
    const model = provider.chatModel(kind.chat);
    const answer = await generateText({ model, prompt: prompt(), maxRetries: 0 });
    isText(kind, answer.text);
    assert.ok(answer.usage.totalTokens > 0);
    const pieces = [];
    const run = streamText({
      model,
      prompt: prompt(),
      maxRetries: 0,
      onError: ({ error }) => {
        throw error;
      },
    });
    for await (const piece of run.textStream) pieces.push(piece);
    isText(kind, pieces.join(''));
    assert.ok(pieces.length > 4);
  },
};

const failures = [];
console.log(`| | ${Object.keys(KINDS).join(' | ')} |`);
console.log(`|---|${'---|'.repeat(Object.keys(KINDS).length)}`);
for (const [what, check] of Object.entries(CHECKS)) {
  const cells = [];
  for (const [name, kind] of Object.entries(KINDS)) {
    try {
      cells.push((await check(kind)) ?? 'pass');
    } catch (error) {
      cells.push('**FAIL**');
      failures.push(`${what}, ${name}: ${error?.stack ?? error}`);
    }
  }
  console.log(`| ${what} | ${cells.join(' | ')} |`);
}
failures.forEach((failure) => console.error(`\n${failure}`));
process.exit(failures.length > 0 ? 1 : 0);
