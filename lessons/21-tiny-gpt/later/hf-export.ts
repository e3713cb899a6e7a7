/**
 * Lesson 21's model as a folder for Hugging Face transformers: made on the first click, so that no first run waits for this file. The
 * lesson's own engine cannot write it: the whole one is opened for a moment, given the weights, and closed again.
 */
import { download, html, nothing, t, type Lang } from '@x2g/web/elements';
import { Session, type GptConfig, type HuggingFaceExport } from '@x2g/web/lab';
import { formatBytes } from '@x2g/web/math';

const FOLDER = 'tiny-gpt';

/** weights: all parameters by name; config: of their run. A batch of one row is enough to hold them. */
export async function exported(
  weights: Awaited<ReturnType<Session['weights']>>,
  config: GptConfig,
  open: () => Promise<Session> = () => Session.open({ engine: 'whole' }),
): Promise<HuggingFaceExport> {
  const session = await open();
  try {
    await session.create({ ...config, batch: 1, evalEvery: 0 });
    await session.setWeights(weights);
    return await session.exportHuggingFace();
  } finally {
    session.dispose();
  }
}

const save = ({ name, bytes }: HuggingFaceExport['files'][number]): void =>
  download(new Blob([bytes as Uint8Array<ArrayBuffer>]), name);

/** One button a file, and how to open the folder in Python. */
export function export_panel({ files, notes }: HuggingFaceExport, step: number, lang: Lang) {
  const code = `from transformers import AutoModelForCausalLM, AutoTokenizer
model = AutoModelForCausalLM.from_pretrained("${FOLDER}")
tokenizer = AutoTokenizer.from_pretrained("${FOLDER}")`;
  return html`
    <div class="problem mild" data-x2g="hf-panel">
      <p>
        ${t(
          {
            en: `The model at step ${step}: save these files into one folder called ${FOLDER}, then open it in Python.`,
            ja: `ステップ${step}のモデルです。次のファイルを${FOLDER}という名前の1つのフォルダーに保存し、Pythonで開いてください。`,
          },
          lang,
        )}
      </p>
      <div class="moves">
        ${files.map(
          (file) => html`
            <button type="button" data-x2g=${`hf-${file.name}`} @click=${() => save(file)}>
              ${file.name} (${formatBytes(file.bytes.length)})
            </button>
          `,
        )}
      </div>
      <pre tabindex="0" aria-label="Python"><code>${code}</code></pre>
      ${
        notes.length > 0
          ? html`
              <p class="fine">
                ${t(
                  {
                    en: 'GPT-2 has biases and this model has none: they are written as zeros, which compute the same.',
                    ja: 'GPT-2にはバイアスがあり、このモデルにはありません。0として書き出してあるので、計算結果は同じです。',
                  },
                  lang,
                )}
              </p>
            `
          : nothing
      }
    </div>
  `;
}
