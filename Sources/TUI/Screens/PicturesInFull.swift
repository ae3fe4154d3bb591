/// The kitty pictures that were shown in full, by what they show: as many as the terminal keeps.
struct PicturesInFull {
  /// The files in base64 share their memory with what the terminal layer holds.
  private var known: [(view: SliceView, picture: [UInt8])] = []

  /// Notes a picture that is shown now; drafts and pictures of other kinds are none of these.
  mutating func note(_ view: SliceView, _ picture: ScreenPicture) {
    guard !view.isDraft, !picture.kitty.isEmpty else { return }
    known.removeAll { $0.view == view }
    known.append((view, picture.kitty))
    if known.count > KittyStore.limit { known.removeFirst() }
  }

  /// The picture of a view in full; `nil` where it was not shown lately.
  func picture(of view: SliceView) -> [UInt8]? { known.first { $0.view == view }?.picture }
}
