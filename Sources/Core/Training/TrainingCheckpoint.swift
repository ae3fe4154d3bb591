internal import Foundation
internal import Imaging

/// The state of a training run between two steps, in a safetensors file.
///
/// Every step draws its random numbers from seed and step number alone, so parameters, both Adam
/// moments, the step and what the course remembers are all there is to know.
enum TrainingCheckpoint {
  private static let format = "cordscope-training-1"
  /// Before the names of a course's own tensors.
  private static let coursePrefix = "memory."

  /// Writes the state atomically.
  static func write(
    _ adam: Adam, table: ParameterTable, parameters: AlignedBuffer,
    memory: CourseMemory = CourseMemory(), metadata: [String: String], to url: URL
  ) throws {
    var file = Safetensors(metadata: metadata)
    file.metadata["format"] = format
    file.metadata["step"] = "\(adam.step)"
    file.metadata["course"] = memory.text
    var slabs = [
      ("parameter.", parameters), ("first.", adam.firstMoment),
      ("second.", adam.secondMoment),
    ]
    if let former = memory.parameters { slabs.append(("course.", former)) }
    for (prefix, slab) in slabs {
      file.tensors.merge(table.tensors(from: slab, prefix: prefix)) { $1 }
    }
    for (name, tensor) in memory.tensors { file.tensors[coursePrefix + name] = tensor }
    try file.write(to: url)
  }

  /// Reads a state.
  ///
  /// - Parameter metadata: what the run would write; must be equal.
  /// - Throws: `ReadError` when the file is damaged, `NetworkError.checkpoint` when it belongs to another
  ///   run or its tensors do not fit; both say what to do.
  static func read(
    _ url: URL, table: ParameterTable, steps: Int, metadata: [String: String]
  ) throws -> (parameters: AlignedBuffer, adam: Adam, memory: CourseMemory) {
    let file: Safetensors
    do { file = try Safetensors.read(url) } catch var error as ReadError {
      error.advice = "the run cannot go on from it: delete it to begin anew"
      throw error
    }
    func refuse(_ problem: String) -> NetworkError {
      NetworkError.checkpoint(file: url.path, problem: problem)
    }
    guard file.metadata["format"] == format else { throw refuse("it is not a training checkpoint") }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key })
    where key != "format" && file.metadata[key] != value {
      let stored = (file.metadata[key] ?? "nothing").cleaned
      throw refuse("its \(key) is \(stored), the run's is \(value)")
    }
    guard let step = file.metadata["step"].flatMap({ Int($0) }), (0...steps).contains(step) else {
      throw refuse("its step is not within 0...\(steps)")
    }
    func slab(_ prefix: String) throws -> AlignedBuffer {
      do {
        return try table.load(file.tensors, prefix: prefix, file: url.path)
      } catch NetworkError.weights(_, let problems) {
        throw refuse(problems.prefix(3).joined(separator: "; "))
      }
    }
    let adam = Adam(firstMoment: try slab("first."), secondMoment: try slab("second."), step: step)
    var memory = CourseMemory(text: file.metadata["course"])
    if file.tensors.keys.contains(where: { $0.hasPrefix("course.") }) {
      memory.parameters = try slab("course.")
    }
    for (name, tensor) in file.tensors where name.hasPrefix(coursePrefix) {
      memory.tensors[String(name.dropFirst(coursePrefix.count))] = tensor
    }
    return (try slab("parameter."), adam, memory)
  }
}
