/**
 * What went wrong, shown in place between the controls and the picture: a failure with a retry, a notice, numbers that left the range.
 * Each says what happened and what can be done. Draws and calls back.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang, Report } from '../lab/types.ts';
import { t } from './language.ts';
import { told, type LabError } from './problem.ts';
import { strings, type StringName } from './strings.ts';

/** What the frame shows above the picture without stopping the demo. */
export interface Notice {
  title: string;
  /** A sentence in the reader's language, or an error, which is told in it. */
  message: string | LabError;
}

export interface ProblemProps {
  lang: Lang;
  failure: LabError | undefined;
  notice: Notice | undefined;
  report: Report | undefined;
  retry(): void;
  /** Absent where there is no learning rate to lower. */
  lowerRate: (() => void) | undefined;
}

export function problemList(p: ProblemProps): TemplateResult {
  const s = (name: StringName): string => t(strings[name], p.lang);
  const diverged = p.report?.status === 'diverged' ? p.report.problem : undefined;
  return html`
    <div class="problems">
      ${p.failure ? failureBox(p.failure, p.lang, s, p.retry) : nothing}
      ${p.notice ? noticeBox(p.notice, p.lang) : nothing}
      ${diverged ? divergedBox(diverged, s, p.lowerRate) : nothing}
    </div>
  `;
}

type Say = (name: StringName) => string;

function sentences(error: LabError | string, lang: Lang): TemplateResult {
  const { text, english } = told(error, lang);
  const own = html`
    <p class="fine" lang="en">${english}</p>
  `;
  return html`
    <p>${text}</p>
    ${english === undefined ? nothing : own}
  `;
}

const failureBox = (failure: LabError, lang: Lang, s: Say, retry: () => void): TemplateResult => html`
  <div class="problem" role="alert" data-x2g="failure">
    <strong>${s('failed')}</strong>
    ${sentences(failure, lang)}
    <button type="button" data-x2g="retry" @click=${retry}>${s('retry')}</button>
  </div>
`;

const noticeBox = (notice: Notice, lang: Lang): TemplateResult => html`
  <div class="problem mild" role="alert" data-x2g="notice">
    <strong ?hidden=${notice.title === ''}>${notice.title}</strong>
    ${sentences(notice.message, lang)}
  </div>
`;

function divergedBox(
  problem: NonNullable<Report['problem']>,
  s: Say,
  lowerRate: (() => void) | undefined,
): TemplateResult {
  const lower = html`
    <button type="button" data-x2g="lower-rate" @click=${lowerRate}>${s('lower_rate')}</button>
  `;
  return html`
    <div class="problem" role="alert" data-x2g="diverged">
      <strong>${s('diverged')}</strong>
      <p>
        ${s('diverged_in')}:
        <code>${problem.gradient ? `d${problem.tensor}` : problem.tensor}</code>
      </p>
      ${lowerRate ? lower : nothing}
    </div>
  `;
}
