import Core

@testable import TUI

/// Carries effects out at once, so that a script plays the same every time.
final class SynchronousWorker: EffectRunner {
  let source: any ReviewSource
  let reader: String
  let mailbox: Mailbox
  /// Effects in the order they were asked for, as words.
  private(set) var log: [String] = []
  /// Whether answers to writes are kept back until `release`.
  var holdsWrites = false
  private var held: [Effect] = []
  /// The screen on the terminal now.
  var screen: () -> Screen? = { nil }
  /// The screens on which acts were sent, oldest first.
  private(set) var screensOfWrites: [Screen] = []
  /// Shared by all tests: drawing takes most of their time.
  private static let pictures = PictureCache<SliceView>(capacity: 400)

  init(source: any ReviewSource, reader: String, mailbox: Mailbox) {
    self.source = source
    self.reader = reader
    self.mailbox = mailbox
  }

  func run(_ effect: Effect) {
    if case .write = effect, let screen = screen() { screensOfWrites.append(screen) }
    switch effect {
    case .redraw: log.append("redraw")
    case .draw(let view, let pixels):
      log.append("\(view.isDraft ? "draft" : "draw") \(view.slice)")
      mailbox.post(
        .reply(
          WorkerReply(value: .picture(view, Self.pictures.picture(view) { view.draw(pixels) }))))
    case .drawBeside(let view, let source):
      log.append("\(view.isDraft ? "draft" : "draw") beside")
      mailbox.post(.reply(WorkerReply(value: .besidePicture(view, view.draw(source)))))
    case .detectAgain(let subject):
      log.append("detect \(subject)")
      let answer = Worker.detect(subject, source, reader) { false }
      mailbox.post(.reply(WorkerReply(value: answer)))
      if let entry = Worker.entryLeft(answer, source, reader) { mailbox.post(.entry(entry)) }
    case .cancelDetections: log.append("cancel")
    case .cancelLoading: log.append("cancel loading")
    case .pauseBackground: log.append("pause")
    case .resumeBackground: log.append("resume")
    case .write where holdsWrites:
      log.append("write")
      held.append(effect)
    case .loadWorklist, .loadStudy, .readJournal, .write, .lookForPIN, .sign, .loadReport,
      .measureSignal, .readAccess, .leaveStudy, .listBeside, .loadBeside, .present, .readPresented,
      .renewPresence, .readPresenterSign, .loadAgreement, .loadScores, .loadCorrection, .correct,
      .turnCorrection, .keepDraft, .removeDraft, .loadDrafts, .loadViews,
      .changeViews, .loadMacros, .changeMacros, .loadHanging, .keepHanging, .loadSignerName,
      .measure:
      if case .write = effect { log.append("write") }
      if case .loadBeside(let choice, _) = effect { log.append("load \(choice.title)") }
      if let answer = Worker.answer(effect, source, reader) {
        mailbox.post(.reply(WorkerReply(value: answer)))
      }
    }
  }

  func finishWrites() {
    for effect in held {
      if let answer = Worker.answer(effect, source, reader) {
        mailbox.post(.reply(WorkerReply(value: answer)))
      }
    }
    held = []
  }
}

extension Effect {
  /// Whether it asks for what an earlier session left unsaved of a study, as its first screen does.
  var looksForDrafts: Bool {
    if case .loadDrafts = self { true } else { false }
  }
}
