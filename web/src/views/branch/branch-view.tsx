/** To come. */
export function BranchView() {
  return <div className="view" />
}
