// The dialog of the rules of words and links.

import type { RuleAction } from '../../../api/api.ts'
import { CancelButton, Dialog } from '../../base/dialog.tsx'
import { Icon, Problem } from '../../base/elements.tsx'
import { refusalText, type TextKey, text } from '../../base/language.ts'
import { Select } from '../selection.tsx'
import type { RuleRow, RulesControl } from './rules-control.ts'

const MAX_PATTERN = 100

const ACTIONS: Readonly<Record<RuleAction, TextKey>> = {
  refuse: 'ruleRefuse',
  mask: 'ruleMask',
  report: 'ruleReport',
}

/** Is closed until somebody who may change the rules opens it. */
export function Rules({ control }: { control: RulesControl }) {
  const { dialog, form, rows, links, problem } = control
  const isAbout =
    control.isTooMuch.value || control.isWrongHost.value || control.wrongRows.value.size > 0
  return (
    <Dialog id="rules" control={dialog}>
      <form
        id="rules-form"
        ref={form}
        key={control.visit.value}
        method="post"
        noValidate
        aria-busy={control.busy.value}
        onSubmit={control.onSubmit}
      >
        <h2 id="rules-title">{text('rules')}</h2>
        <p class="detail">{text('rulesNote')}</p>
        <fieldset aria-describedby="rules-words-problem">
          <legend>{text('ruleWords')}</legend>
          <ol class="rule-list" id="rule-list">
            {rows.value.map((row, at) => (
              <Row key={row.key} row={row} place={at + 1} control={control} />
            ))}
          </ol>
          <Problem id="rules-words-problem">
            {control.isTooMuch.value ? text('rulesTooMany') : undefined}
          </Problem>
          <button class="small" type="button" id="add-rule" onClick={control.add}>
            <Icon name="plus" />
            {text('addRule')}
          </button>
        </fieldset>
        <Select name="links" label="ruleLinks">
          <option value="">{text('linksAllowed')}</option>
          <Actions selected={links.value?.action} />
        </Select>
        <label for="rules-allow">{text('allowedHosts')}</label>
        <textarea
          id="rules-allow"
          name="allow"
          rows={3}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder={'example.com\nexample.org'}
          defaultValue={links.value?.allow.join('\n') ?? ''}
          aria-invalid={control.isWrongHost.value ? 'true' : undefined}
          aria-describedby="rules-allow-problem"
        />
        <Problem id="rules-allow-problem">
          {control.isWrongHost.value ? text('hostWanted') : undefined}
        </Problem>
        <Problem id="rules-problem">
          {problem.value && !isAbout ? refusalText(problem.value) : undefined}
        </Problem>
        <div class="actions">
          <CancelButton control={dialog} />
          <button class="primary" type="submit">
            {text('save')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const Actions = ({ selected }: { selected: RuleAction | undefined }) => (
  <>
    {Object.entries(ACTIONS).map(([action, label]) => (
      <option key={action} value={action} selected={action === selected}>
        {text(label)}
      </option>
    ))}
  </>
)

function Row({
  row: { key, rule },
  place,
  control,
}: {
  row: RuleRow
  place: number
  control: RulesControl
}) {
  const isWrong = control.wrongRows.value.has(key)
  return (
    <li class="rule">
      <input
        type="text"
        name={`pattern-${key}`}
        maxlength={MAX_PATTERN}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        defaultValue={rule.pattern}
        aria-label={text('rulePattern', place)}
        aria-invalid={isWrong ? 'true' : undefined}
        aria-describedby={`rule-${key}-problem`}
      />
      <button
        class="quiet"
        type="button"
        onClick={() => {
          control.remove(key)
          document.getElementById('add-rule')?.focus()
        }}
        aria-label={text('removeRule', place)}
        title={text('removeRule', place)}
      >
        <Icon name="close" />
      </button>
      <select name={`action-${key}`} aria-label={text('ruleAction', place)}>
        <Actions selected={rule.action} />
      </select>
      <label class="rule-word">
        <input type="checkbox" name={`word-${key}`} defaultChecked={rule.word ?? false} />
        <span>{text('wholeWord')}</span>
      </label>
      <Problem id={`rule-${key}-problem`}>{isWrong ? text('patternWanted') : undefined}</Problem>
    </li>
  )
}
