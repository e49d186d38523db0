import ts from 'typescript'

export type TestTitle = { path: string; title: string }

const TESTS = new Set(['test', 'it', 'describe'])

/**
 * The titles of the tests in a source, as written there. Of a list of tests (`test.each`) whose title begins with `%s`, one
 * for each first word of the list.
 */
export function testTitles(path: string, text: string): TestTitle[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const titles: TestTitle[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments
      if (first !== undefined && ts.isStringLiteralLike(first) && TESTS.has(nameOf(node.expression))) {
        titles.push(...filled(first.text, node.expression).map((title) => ({ path, title })))
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return titles
}

/** `test` of `test`, `test.each([...])`, `describe.skipIf(...)`. */
function nameOf(called: ts.Expression): string {
  if (ts.isIdentifier(called)) return called.text
  if (ts.isPropertyAccessExpression(called) || ts.isCallExpression(called)) return nameOf(called.expression)
  return ''
}

function filled(title: string, called: ts.Expression): string[] {
  if (!title.startsWith('%s') || !ts.isCallExpression(called)) return [title]
  const [list] = called.arguments.map(bare)
  if (list === undefined || !ts.isArrayLiteralExpression(list)) return [title]
  const firsts = list.elements.map(bare).flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row
    return first !== undefined && ts.isStringLiteralLike(first) ? [first.text] : []
  })
  return [...new Set(firsts)].map((first) => title.replace('%s', first))
}

/** Without `as const`. */
function bare(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) ? bare(node.expression) : node
}
