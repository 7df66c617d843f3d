using HpcFit.Shared.Elements;

namespace HpcFit.Shared.Specs.Documents;

/// <summary>
/// A run's name: a hash of everything that its numbers depend on, and of nothing else. Paths, times, program versions, the output target
/// and the partition into jobs are left out, so that a moved file or an added analysis resumes the existing run.
/// </summary>
public static class RunDigest
{
    /// <summary>The digest of a run, 32 hexadecimal digits.</summary>
    public static string Compute(RunSpec spec, RunInputs inputs) => WithShuffles(spec, inputs, spec?.Model.Permutation?.Count ?? 0);

    private static string WithShuffles(RunSpec spec, RunInputs inputs, long shuffles)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(inputs);
        var hash = new CanonicalHash();
        hash.Add("digest", 2);
        AddModel(hash, spec.Model);
        if (spec.Model.Hypotheses is { } hypotheses)
            AddHypotheses(hash, hypotheses);
        if (spec.Model.Permutation is { } permutation)
            AddPermutation(hash, permutation, shuffles);
        if (spec.Model.Enhancement is { } enhancement)
            AddEnhancement(hash, enhancement);
        if (spec.Model.Family is { } family)
            hash.Add("family", family.Name).Add("link", family.Link);
        if (spec.Model.Gam is { } gam)
            AddGam(hash, gam);
        if (spec.Model.Mixed is { } mixed)
            hash.Add("ml", mixed.Ml).Add("df", mixed.Df).Add("confLevelOfEffects", mixed.ConfLevel is { } level ? [level] : null);
        if (spec.Model.Mixed?.TestRandom is { } tested)
            hash.Add("testRandom", tested);
        if (spec.Model.Custom is { } custom)
            AddCustom(hash, custom, inputs);
        hash.Add("checkNames", spec.Cohort.CheckNames).Add("derivedColumns", spec.Cohort.DerivedColumns);
        if (spec.Cohort.NaStrings.Count > 0)
            hash.Add("naStrings", [.. spec.Cohort.NaStrings.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        hash.Add("dataNames", [.. spec.Data.Select(source => source.Name).Order(StringComparer.Ordinal)]);
        if (spec.Cohort.MergeOn.Count > 0)
            hash.Add("mergeOn", spec.Cohort.MergeOn);
        AddElements(hash, spec.Elements, inputs.TotalElements);
        hash.Add("numericVersion", inputs.NumericVersion);
        foreach (var scalar in inputs.Scalars)
            hash.Add("scalar", scalar.Scalar).Add("fingerprint", scalar.Digest);
        hash.Add("cohort", inputs.CohortDigest).Add("function", inputs.FunctionDigest);
        if (inputs.NeighboursDigest is not null)
            hash.Add("neighbours", inputs.NeighboursDigest);
        if (inputs.ShufflesDigest is not null)
            hash.Add("shuffles", inputs.ShufflesDigest);
        return hash.Finish();
    }

    /// <summary>The digest of a batch: that of its runs, in their order.</summary>
    public static string ComputeBatch(IEnumerable<RunMember> members) =>
        new CanonicalHash().Add("batch", [.. members.Select(member => member.Digest)]).Finish();

    /// <summary>
    /// The digest of a stage of a run. It does not cover the number of units: the stage of a run with more of them continues that of a run
    /// with fewer.
    /// </summary>
    public static string ComputeStage(RunSpec spec, RunInputs inputs, RunStage stage)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(stage);
        return new CanonicalHash().Add("stage", stage.Name).Add("run", WithShuffles(spec, inputs, shuffles: 0)).Finish();
    }

    private static void AddModel(CanonicalHash hash, ModelSpec model)
    {
        hash.Add("engine", model.Engine).Add("formula", model.Formula).Add("response", model.Scalar).Add("weights", model.Weights);
        if (model.Subset is not null)
            hash.Add("subset", model.Subset);
        foreach (var (factor, contrast) in model.Contrasts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            hash.Add("factor", factor).Add("contrast", contrast);
        hash.Add("numSubjLthrAbs", model.NumSubjLthrAbs).Add("numSubjLthrRel", model.NumSubjLthrRel).Add("fullOutputs", model.FullOutputs);
        hash.Add("varTerms", model.VarTerms).Add("varModel", model.VarModel).Add("log10P", model.Log10P);
        if (model.ColumnOrder is not null)
            hash.Add("columnOrder", model.ColumnOrder);
        hash.Add("correctPValueTerms", model.CorrectPValueTerms).Add("correctPValueModel", model.CorrectPValueModel);
    }

    private static void AddHypotheses(CanonicalHash hash, HypothesisSpec hypotheses)
    {
        foreach (var contrast in hypotheses.Contrasts)
            hash.Add("contrastName", contrast.Name)
                .Add("contrastExpression", contrast.Expression)
                .Add("contrastCoefficients", contrast.Coefficients)
                .Add("contrastWeights", contrast.Weights);
        hash.Add("fTests", hypotheses.FTests).Add("anovaType", hypotheses.AnovaType);
        hash.Add("effectSizes", hypotheses.EffectSizes).Add("confLevel", hypotheses.ConfLevel);
        hash.Add("standardErrors", hypotheses.StandardErrors).Add("cluster", hypotheses.Cluster);
    }

    private static void AddPermutation(CanonicalHash hash, PermutationSpec permutation, long shuffles)
    {
        hash.Add("shuffles", shuffles).Add("seed", permutation.Seed).Add("method", permutation.Method).Add("errors", permutation.Errors);
        hash.Add("within", permutation.Within).Add("whole", permutation.Whole).Add("varianceGroups", permutation.VarianceGroups);
        hash.Add("ignoresRepeats", permutation.IgnoresRepeats).Add("fweOverContrasts", permutation.FweOverContrasts);
        hash.Add("missingOfShuffles", permutation.Missing).Add("tail", permutation.Tail);
        if (permutation.Alternative is not null)
            hash.Add("alternative", permutation.Alternative);
    }

    private static void AddEnhancement(CanonicalHash hash, EnhancementSpec enhancement)
    {
        hash.Add("enhance", enhancement.Enhance);
        if (enhancement.TfceLike is { } form)
            hash.Add("tfceLike", form);
        if (enhancement.Neighbours is { } neighbours)
            hash.Add("neighboursOfVoxel", neighbours);
        if (enhancement.ClusterZ is { } threshold)
            hash.Add("clusterZ", threshold);
        if (enhancement.ClusterStat is { } statistic)
            hash.Add("clusterStat", statistic);
    }

    private static void AddGam(CanonicalHash hash, GamSpec gam)
    {
        hash.Add("method", gam.Method).Add("gamma", gam.Gamma).Add("select", gam.Select).Add("sp", gam.Sp);
        foreach (var (covariate, knots) in gam.Knots.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            hash.Add("knotsOf", covariate).Add("knots", knots);
        hash.Add("varSmoothTerms", gam.VarSmoothTerms).Add("varParametricTerms", gam.VarParametricTerms);
        hash.Add("correctPValueSmoothTerms", gam.CorrectPValueSmoothTerms)
            .Add("correctPValueParametricTerms", gam.CorrectPValueParametricTerms);
        hash.Add("changedRsqTermIndex", [.. gam.ChangedRsqTermIndex.Select(index => (double)index)])
            .Add("basisOfAllSubjects", gam.BasisOfAllSubjects);
        if (gam.SmoothPValues != GamSpec.AccuratePValues)
            hash.Add("smoothPValues", gam.SmoothPValues);
        if (gam.SmoothDerivatives)
            hash.Add("smoothDerivatives", gam.SmoothDerivatives);
        if (gam.SmoothIntervals is not null)
            hash.Add("smoothIntervals", gam.SmoothIntervals);
    }

    /// <summary>The function's arguments and runtime; its time and memory limits do not affect any number.</summary>
    private static void AddCustom(CanonicalHash hash, CustomSpec custom, RunInputs inputs)
    {
        hash.Add("functionName", custom.FunctionName).Add("functionArgs", custom.FunctionArgs).Add("seed", custom.Seed);
        hash.Add("attached", custom.Scalars).Add("writeScalar", custom.WriteScalar).Add("functionRuntime", inputs.FunctionRuntime);
    }

    /// <summary>"All elements" and all of them written as consecutive ranges are the same run.</summary>
    private static void AddElements(CanonicalHash hash, IReadOnlyList<ElementRange> elements, long total)
    {
        hash.Add("totalElements", total);
        var joined = new List<ElementRange>();
        foreach (var range in elements.Count == 0 ? [new(0, total)] : elements)
        {
            if (joined.Count > 0 && joined[^1].End == range.First)
                joined[^1] = joined[^1] with { End = range.End };
            else
                joined.Add(range);
        }
        foreach (var range in joined)
            hash.Add("first", range.First).Add("end", range.End);
    }
}
