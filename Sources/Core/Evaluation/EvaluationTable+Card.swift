extension EvaluationTable {
  /// The figures per class of some detectors, for a model card.
  public func figures(of names: [String]) -> [ModelCard.ClassFigure] {
    detectors.filter { names.contains($0.detector) }.flatMap { d in
      let all = ModelCard.ClassFigure(
        name: "all", detector: d.detector, auc: d.area?.estimate, aucLow: d.area?.lower,
        aucHigh: d.area?.upper, specificity: d.figures.specificity?.mean)
      let lesions = lesionClasses.map { name in
        let area = d.areaByClass[name]
        return ModelCard.ClassFigure(
          name: name, detector: d.detector, auc: area?.estimate, aucLow: area?.lower,
          aucHigh: area?.upper)
      }
      let others = otherClasses.map { name in
        ModelCard.ClassFigure(
          name: name, detector: d.detector, specificity: d.figures.specificityByClass[name]?.mean)
      }
      return [all] + lesions + others
    }
  }
}
