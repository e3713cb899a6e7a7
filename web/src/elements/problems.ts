/**
 * What went wrong, shown in place between the controls and the picture: a failure with a retry, a notice, numbers that left the range.
 * Each says what happened and what can be done. Draws and calls back.
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Lang, Report } from '../lab/types.ts';
import { t } from './language.ts';
import { strings, type StringName } from './strings.ts';

/** What the frame shows above the picture without stopping the demo. */
export interface Notice {
  title: string;
  message: string;
}

export interface ProblemProps {
  lang: Lang;
  failure: Error | undefined;
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
      ${p.failure ? failureBox(p.failure, s, p.retry) : nothing} ${p.notice ? noticeBox(p.notice) : nothing}
      ${diverged ? divergedBox(diverged, s, p.lowerRate) : nothing}
    </div>
  `;
}

type Say = (name: StringName) => string;

const failureBox = (failure: Error, s: Say, retry: () => void): TemplateResult => html`
  <div class="problem" role="alert" data-x2g="failure">
    <strong>${s('failed')}</strong>
    <p>${failure.message}</p>
    <button type="button" data-x2g="retry" @click=${retry}>${s('retry')}</button>
  </div>
`;

const noticeBox = (notice: Notice): TemplateResult => html`
  <div class="problem mild" role="alert" data-x2g="notice">
    <strong ?hidden=${notice.title === ''}>${notice.title}</strong>
    <p>${notice.message}</p>
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
