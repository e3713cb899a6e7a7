/** The controls for the reader's own pictures: a place to open files, and what to do with those that are open. */
import { html, nothing, type Lang, type TemplateResult } from '@x2g/web/elements';
import { formatCount } from '@x2g/web/math';

export type Use = 'train' | 'test' | 'generated';

const words = {
  train: { en: 'Train on them', ja: 'この画像で訓練' },
  test: { en: 'Test on them', ja: 'この画像でテスト' },
  back: { en: 'Back to drawn digits', ja: '生成した数字に戻す' },
  stays: {
    en: 'They stay in this page: a twin run has them too, but a link does not carry them, and a run.json asks for these files.',
    ja: '画像はこのページの中だけにあります。双子の実行には引き継がれますが、リンクには入りません。run.jsonを開くときは、同じファイルが必要です。',
  },
  title: { en: 'Train or test on your own MNIST files', ja: '自分のMNISTファイルで訓練・テストする' },
  open: { en: 'Open files', ja: 'ファイルを開く' },
  hint: {
    en: 'One file of images and one of labels, IDX, plain or .gz. Or drop them on the figure. They are read in this page and never sent anywhere.',
    ja: 'IDX形式の画像とラベルのファイルを1つずつ（.gzも可）。図の上に落としても開けます。このページの中で読むだけで、どこにも送りません。',
  },
};

export function own_box(count: number, used: boolean, use: (how: Use) => void, lang: Lang): TemplateResult {
  const ready = {
    en: `${formatCount(count)} pictures of your own are ready.`,
    ja: `自分の画像が${formatCount(count)}枚、使えます。`,
  };
  return html`
    <div class="problem mild" data-x2g="own">
      <p>${ready[lang]}</p>
      <div class="moves">
        <button type="button" data-x2g="own-train" @click=${() => use('train')}>${words.train[lang]}</button>
        <button type="button" data-x2g="own-test" @click=${() => use('test')}>${words.test[lang]}</button>
        <button type="button" data-x2g="own-back" @click=${() => use('generated')}>
          ${words.back[lang]}
        </button>
      </div>
      ${
        used
          ? html`
              <p class="fine">${words.stays[lang]}</p>
            `
          : nothing
      }
    </div>
  `;
}

export function own_files(open: (files: File[]) => Promise<void>, lang: Lang): TemplateResult {
  const chosen = (e: Event): void => {
    const input = e.target as HTMLInputElement;
    void open([...(input.files ?? [])]).finally(() => (input.value = ''));
  };
  return html`
    <details>
      <summary>${words.title[lang]}</summary>
      <div class="moves">
        <label class="file">
          ${words.open[lang]}
          <input type="file" multiple class="unseen" data-x2g="file" @change=${chosen} />
        </label>
        <span class="fine">${words.hint[lang]}</span>
      </div>
    </details>
  `;
}
