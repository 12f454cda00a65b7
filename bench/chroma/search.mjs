// Vectors from the gateway by OpenAI's client, which asks for base64, into Chroma and back.
import assert from "node:assert/strict";
import { ChromaClient } from "chromadb";
import OpenAI from "openai";

const openai = new OpenAI({
  baseURL: `${process.env.GATEWAY_URL}/v1`,
  apiKey: process.env.GATEWAY_KEY ?? "sk-serai-dev",
});
const chroma = new ChromaClient({ host: "127.0.0.1", port: Number(process.env.CHROMA_PORT) });

async function vectors(texts) {
  const answer = await openai.embeddings.create({ model: process.env.MODEL, input: texts });
  assert.equal(answer.data.length, texts.length);
  answer.data.forEach((item, index) => assert.equal(item.index, index));
  console.log(`${answer.model}: ${texts.length} x ${answer.data[0].embedding.length}, `
    + `${answer.usage.prompt_tokens} tokens`);
  return answer.data.map((item) => item.embedding);
}

const texts = [
  "The inn has room for forty camels.",
  "The price of copper fell again.",
  "At night the gate is kept by two guards.",
];
const collection = await chroma.createCollection({
  name: "inn",
  embeddingFunction: { generate: vectors },
});
await collection.add({ ids: texts.map((_, index) => `t${index}`), documents: texts });
for (const [question, id] of [["Where do the animals stay?", "t0"], ["Who watches the door?", "t2"]]) {
  const found = await collection.query({ queryTexts: [question], nResults: 1 });
  assert.equal(found.ids[0][0], id);
  console.log(`${question} -> ${found.documents[0][0]}`);
}
console.log(`Chroma ${await chroma.version()} holds ${await collection.count()} vectors`);
