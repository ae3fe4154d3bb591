internal import Core

/// Sign-off: what it means, the printed name, the PIN; and opening again what was signed.
extension Workstation {
  static func runSigning(
    _ command: Command, _ study: StudyScreenState, _ state: inout AppState
  ) -> [Effect] {
    guard command != .signMode else {
      enterOrLeaveSigning(study, &state)
      return []
    }
    state.study?.isSignMode = false
    if isSaving(study, &state) { return [] }
    if command == .reopen {
      guard study.review.isSigned else {
        state.say(.refused, "the study is not signed")
        return []
      }
      askForReopening(&state)
      return []
    }
    let offered = meanings(study)
    if let refusal = signingRefusal(study, state) ?? offered.refusal {
      state.say(.refused, refusal)
      state.study?.signOffRefusal = refusal
    } else {
      state.popup = .meanings(offered.meanings)
    }
    return []
  }

  /// The meanings with which the reader may sign the study as it is; without any, why not with the first.
  private static func meanings(
    _ study: StudyScreenState
  ) -> (meanings: [SignatureMeaning], refusal: String?) {
    func obstacle(_ meaning: SignatureMeaning) -> String? {
      study.access.refusal(of: meaning, after: study.review)
    }
    let offered = SignatureMeaning.allCases.filter { obstacle($0) == nil }
    return (offered, offered.isEmpty ? obstacle(.reviewed) : nil)
  }

  /// Asks why a signed study is opened again; without a reason anew, so that none typed next runs as commands.
  static func askForReopening(problem: String = "", _ state: inout AppState) {
    state.popup = .prompt(
      TextPrompt(
        purpose: .reopening, title: "\(problem)open the signed study again, because", text: ""))
  }

  /// Whether a key is the number of a meaning typed right after a sign-off that was refused: it does nothing
  /// else then, once, however slowly it was typed.
  static func wasForSigning(_ key: KeyPress, _ state: inout AppState) -> Bool {
    guard let refusal = state.study?.signOffRefusal else { return false }
    state.study?.signOffRefusal = nil
    guard let number = key.number, SignatureMeaning.allCases.indices.contains(number - 1) else {
      return false
    }
    state.say(.refused, "\(key.name) ignored; \(refusal)")
    return true
  }

  private static func enterOrLeaveSigning(_ study: StudyScreenState, _ state: inout AppState) {
    if !study.isSignMode, let refusal = study.access.refusal(of: .signOff) {
      state.say(.refused, refusal)
      return
    }
    state.study?.isSignMode.toggle()
    state.say(
      .note, study.isSignMode ? "neither signed nor opened again" : signWords(study, state))
  }

  /// What the mode of signing offers, and in short why not the rest.
  private static func signWords(_ study: StudyScreenState, _ state: AppState) -> String {
    let (sign, open) = (state.keys.name(.signOff), state.keys.name(.reopen))
    if study.review.isSigned {
      let since = study.relabelled.isEmpty ? "" : "; labels changed since"
      return "\(open) opens the study again (signed already\(since))"
    }
    let unsigned = "nothing to open again: unsigned"
    guard signingRefusal(study, state) != nil else { return "\(sign) signs off; \(unsigned)" }
    let missing = study.review.missing(assessable: study.assessable).count
    let old = study.relabelled.count
    let why =
      missing > 0
      ? "\(missing) verdict\(missing == 1 ? "" : "s") missing"
      : old > 0
        ? "\(old) verdict\(old == 1 ? "" : "s") on old labels" : "\(sign) says why"
    return "no sign-off yet: \(why); \(unsigned)"
  }

  /// Why the study cannot be signed now, or `nil`.
  static func signingRefusal(_ study: StudyScreenState, _ state: AppState) -> String? {
    if state.loading != nil { return "a study is being opened: nothing was signed" }
    if study.review.isSigned {
      return "signed already; \(state.keys.reopening) opens the study again"
    }
    if state.unsaved.contains(where: {
      $0.subject == study.study.subject && $0.action != .signOff
    }) {
      return "not signed: some of your acts could not be saved; repeat them first"
    }
    // Its segments may lie elsewhere in a moment.
    if state.redetecting.contains(study.study.subject) {
      return "not signed: the study is being detected on other labels: a moment"
    }
    // Once signed, it could be neither saved nor taken back.
    if let unsaved = unsavedCorrectionWords(study, state) { return "not signed: \(unsaved)" }
    let missing = study.review.missing(assessable: study.assessable)
    guard missing.isEmpty else {
      return "not signed: no verdict yet on \(missing.joined(separator: ", ")) "
        + "(\(state.keys.name(.cannotTell)): cannot tell)"
    }
    return study.study.levels.signingRefusal(of: study.review)
  }

  static func pressInMeanings(
    _ key: KeyPress, _ command: Command?, _ state: inout AppState
  ) -> [Effect] {
    switch command {
    case .back:
      state.popup = nil
      state.say(.note, "not signed")
    case nil:
      guard let number = key.number,
        SignatureMeaning.allCases.indices.contains(number - 1)
      else { return [] }
      let meaning = SignatureMeaning.allCases[number - 1]
      // One that is not offered says why not.
      if let study = state.study,
        let refusal = study.access.refusal(of: meaning, after: study.review)
      {
        state.popup = nil
        state.say(.refused, refusal)
        return []
      }
      state.popup = .prompt(
        TextPrompt(
          purpose: .signerName(meaning), title: nameTitle,
          text: state.signerName ?? state.reader))
    default: break
    }
    return []
  }

  /// Takes the printed name, and asks whether there is a PIN.
  static func takeName(
    _ name: String, _ meaning: SignatureMeaning, _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study else { return [] }
    guard !name.isEmpty, name.count <= ReviewJournal.longestName else {
      let fault =
        name.isEmpty
        ? "a name is needed" : "over \(ReviewJournal.longestName) characters"
      askAgain(.signerName(meaning), "\(fault); \(nameTitle)", text: name, &state)
      return []
    }
    state.signerName = name
    state.say(.note, "looking for your PIN")
    let request = SignRequest(subject: study.study.subject, meaning: meaning, name: name)
    state.signing = SigningWait(.pin(request))
    return [.lookForPIN(request)]
  }

  /// Asks for the PIN, or for a first one; what was typed while it was looked for is typed there.
  static func askForPIN(
    _ request: SignRequest, _ isSet: Result<Bool, WorkerFailure>, _ state: inout AppState
  ) -> [Effect] {
    // Who did not wait for it has been told that nothing is signed.
    guard let wait = state.signing, wait.step == .pin(request) else { return [] }
    switch isSet {
    case .failure(let failure):
      if case .waits(let seconds)? = failure.pin {
        state.say(.refused, "not signed: locked for \(seconds) s after too many wrong PINs")
      } else {
        state.say(.error, "not signed: \(failure.words)")
      }
      noteRefusedPrompt(&state)
      return []
    case .success(let isSet):
      guard state.study?.study.subject == request.subject, state.popup == nil else {
        state.say(.refused, "\(state.name(of: request.subject)) is not signed: you went on")
        noteRefusedPrompt(&state)
        return []
      }
      state.signing = nil
      state.message = nil
      promptForPIN(isSet ? .pin(request) : .newPIN(request), isSet ? "PIN" : newPINTitle, &state)
      return pressKept(wait.keys, &state)
    }
  }

  private static let nameTitle = "your printed name"
  private static let newPINTitle = "set your PIN (\(PIN.least) to \(PIN.most) characters)"

  private static func promptForPIN(
    _ purpose: TextPrompt.Purpose, _ title: String, _ state: inout AppState
  ) {
    state.popup = .prompt(TextPrompt(purpose: purpose, title: title, text: ""))
  }

  /// Takes a PIN as typed in the prompt.
  static func takePIN(_ prompt: TextPrompt, _ state: inout AppState) -> [Effect] {
    let pin = PIN(prompt.text)
    switch prompt.purpose {
    case .pin(let request):
      // Enter alone is no guess: it costs no try.
      guard !prompt.text.isEmpty else {
        askAgain(.pin(request), "no PIN was typed; PIN", &state)
        return []
      }
      return sign(request, pin, isNew: false, &state)
    case .newPIN(let request):
      if (try? pin.check()) == nil {
        askAgain(.newPIN(request), "too short or too long; \(newPINTitle)", &state)
      } else {
        promptForPIN(.newPINAgain(request, pin), "the same PIN again", &state)
      }
    case .newPINAgain(let request, let first):
      if pin == first { return sign(request, pin, isNew: true, &state) }
      askAgain(.newPIN(request), "they differ; \(newPINTitle)", &state)
    default: break
    }
    return []
  }

  /// Asks for a name or a PIN anew; what was typed ahead was meant for another prompt.
  private static func askAgain(
    _ purpose: TextPrompt.Purpose, _ title: String, text: String = "", _ state: inout AppState
  ) {
    state.popup = .prompt(TextPrompt(purpose: purpose, title: title, text: text))
    state.say(.refused, "not signed: \(title)")
    noteRefusedPrompt(&state)
  }

  private static func sign(
    _ request: SignRequest, _ pin: PIN, isNew: Bool, _ state: inout AppState
  ) -> [Effect] {
    guard let study = state.study, study.study.subject == request.subject else { return [] }
    if let refusal = study.access.refusal(of: .signOff) {
      state.say(.refused, refusal)
      return []
    }
    let (token, draft) = send(
      .signOff(request.meaning, name: request.name), study, "checking the PIN", &state)
    state.signing = SigningWait(.signature(token: token))
    return [.sign(token: token, draft, subject: request.subject, pin: pin, isNew: isNew)]
  }

  /// A PIN was not accepted: nothing was written, and it is asked for again where that makes sense.
  static func refuse(_ pin: PINError, _ act: InFlightAct, isShown: Bool, _ state: inout AppState) {
    state.say(.refused, "not signed: \(pin)")
    guard isShown, state.popup == nil, let signature = act.draft.signature else { return }
    let request = SignRequest(
      subject: act.subject, meaning: signature.meaning, name: signature.name)
    switch pin {
    case .wrong, .isSet: promptForPIN(.pin(request), "\(pin); PIN", &state)
    case .unfit, .notSet: promptForPIN(.newPIN(request), "\(pin); \(newPINTitle)", &state)
    case .waits: break
    }
  }
}
