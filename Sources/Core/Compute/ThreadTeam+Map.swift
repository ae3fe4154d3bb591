internal import Synchronization

extension ThreadTeam {
  /// The results of `body` over all items, in the items' order whatever the threads did.
  ///
  /// - Parameter body: takes an item and how many items were finished before it began.
  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @Sendable (_ item: Item, _ finished: Int) -> Result
  ) -> [Result] {
    let results = Mutex<(values: [Result?], finished: Int)>(
      (Array(repeating: nil, count: items.count), 0))
    forEach(items.count) { index, _ in
      let finished = results.withLock { $0.finished }
      let result = body(items[index], finished)
      results.withLock {
        $0.values[index] = result
        $0.finished += 1
      }
    }
    return results.withLock { $0.values.compactMap(\.self) }
  }
}
