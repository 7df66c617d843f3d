using System.Text;
using System.Text.Json;
using HpcFit.Coordinator.Provenance;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Runs;
using HpcFit.Shared.Specs;

namespace HpcFit.Coordinator.Tests.Running;

/// <summary>Every option that a run's numbers depend on is stored with its results.</summary>
public sealed class SpecAttributesTests
{
    private static readonly RunSpec Everything = new()
    {
        Model = new()
        {
            Engine = "gam",
            Formula = "FD ~ s(Age)",
            Scalar = "FD",
            Subset = "qc == 1",
            Weights = "w",
            Contrasts = new Dictionary<string, string> { ["site"] = "contr.sum", ["arm"] = "contr.helmert" },
            VarTerms = ["estimate"],
            VarModel = [],
            CorrectPValueTerms = ["fdr"],
            CorrectPValueModel = ["holm"],
            ColumnOrder = ModelSpec.ReleasedColumnOrder,
            Hypotheses = new()
            {
                Contrasts = [new("a", "x - y"), new("b", null, ["x", "y"], [0.5, -1]), new("c", null, null, [0, 1])],
                FTests = ["site"],
                StandardErrors = "HC3",
                Cluster = "family",
            },
            Permutation = new()
            {
                Count = 500,
                Seed = 7,
                Method = PermutationSpec.Dekker,
                Errors = PermutationSpec.Both,
                Alternative = PermutationSpec.Greater,
                Within = "site",
                Whole = "family",
                Blocks = "/b.csv",
                IgnoresRepeats = true,
                File = "/p.csv",
                VarianceGroups = "site",
                FweOverContrasts = true,
                Missing = PermutationSpec.Pattern,
                Tail = PermutationSpec.GeneralisedPareto,
            },
            Enhancement = new()
            {
                Enhance = EnhancementSpec.Cluster,
                TfceLike = "fsl",
                Neighbours = 6,
                Connectivity = "/c",
                Surfaces = new Dictionary<string, string> { ["CORTEX_LEFT"] = "/l.surf.gii" },
                ClusterZ = 3.1,
                ClusterStat = "mass",
            },
            Family = new() { Name = "poisson", Link = "log" },
            Gam = new()
            {
                Sp = [0.5, -1],
                Knots = new Dictionary<string, IReadOnlyList<double>> { ["Age"] = [1, 2.5] },
                VarSmoothTerms = ["edf"],
                VarParametricTerms = ["estimate"],
                CorrectPValueSmoothTerms = ["fdr"],
                CorrectPValueParametricTerms = ["fdr"],
                ChangedRsqTermIndex = [1, 2],
                SmoothIntervals = "simultaneous",
            },
            Custom = new()
            {
                Function = "/f.R",
                FunctionName = "f",
                Scalars = ["FD", "T1w"],
                WriteScalar = "Z",
                FunctionMemoryBytes = 5,
            },
        },
        Data = [],
        Cohort = new()
        {
            NaStrings = ["-"],
            DerivedColumns = ["a=b"],
            MergeOn = ["id"],
            SourceColumn = "path",
        },
    };

    [Fact]
    public void Every_member_of_the_spec_is_stored_once()
    {
        var names = SpecAttributes.Create(Everything).Select(attribute => attribute.Name).ToList();
        var members = Members(RunJson.Default.ModelSpec)
            .Concat(Members(RunJson.Default.HypothesisSpec))
            .Concat(Members(RunJson.Default.PermutationSpec))
            .Concat(Members(RunJson.Default.EnhancementSpec))
            .Concat(Members(RunJson.Default.FamilySpec).Except(["name"]))
            .Concat(Members(RunJson.Default.GamSpec))
            .Concat(Members(RunJson.Default.CustomSpec))
            .Concat(Members(RunJson.Default.CohortSpec))
            .Except(["engine", "scalar", "gam", "mixed", "custom", "hypotheses", "permutation", "family", "enhancement"]);

        names.ShouldBeUnique();
        members
            .Select(member => "hpcfit_" + JsonNamingPolicy.SnakeCaseLower.ConvertName(member))
            .Except(names)
            .ShouldBe([
                "hpcfit_f_tests",
                "hpcfit_standard_errors",
                "hpcfit_count",
                "hpcfit_within",
                "hpcfit_whole",
                "hpcfit_blocks",
                "hpcfit_ignores_repeats",
                "hpcfit_file",
                "hpcfit_missing",
                "hpcfit_scalars",
            ]);
        names.ShouldContain("hpcfit_permutations");
        names.ShouldContain("hpcfit_exchange_none");
        names.ShouldContain("hpcfit_attached_scalars");
        names.ShouldContain("hpcfit_model");
    }

    [Fact]
    public void Values_have_plain_types()
    {
        Text("hpcfit_formula").ShouldBe("FD ~ s(Age)");
        Text("hpcfit_contrasts").ShouldBe("arm=contr.helmert|site=contr.sum");
        Text("hpcfit_contrast").ShouldBe("a: x - y|b: 0.5*`x` + -1*`y`|c: [0 1]");
        Text("hpcfit_f_test").ShouldBe("site");
        Text("hpcfit_family").ShouldBe("poisson");
        Text("hpcfit_knots").ShouldBe("Age=1,2.5");
        Text("hpcfit_var_model").ShouldBe("none");
        Find("hpcfit_sp").ShouldBeEquivalentTo(AttributeContent.Numbers("hpcfit_sp", [0.5, -1]));
        Find("hpcfit_gamma").ShouldBeEquivalentTo(AttributeContent.Number("hpcfit_gamma", 1));
        Find("hpcfit_select").ShouldBeEquivalentTo(AttributeContent.Integer("hpcfit_select", 0));
        Find("hpcfit_changed_rsq_term_index").ShouldBeEquivalentTo(AttributeContent.Integers("hpcfit_changed_rsq_term_index", [1, 2]));
    }

    [Fact]
    public void Options_that_were_not_given_are_absent()
    {
        var names = SpecAttributes
            .Create(
                new()
                {
                    Model = new() { Engine = "lm", Formula = "FD ~ Age" },
                    Data = [],
                }
            )
            .Select(attribute => attribute.Name);

        names.ShouldBe([
            "hpcfit_model",
            "hpcfit_formula",
            "hpcfit_num_subj_lthr_abs",
            "hpcfit_num_subj_lthr_rel",
            "hpcfit_full_outputs",
            "hpcfit_log10_p",
            "hpcfit_check_names",
            "hpcfit_may_omit_subjects",
            "hpcfit_method",
        ]);
    }

    private static IEnumerable<string> Members(System.Text.Json.Serialization.Metadata.JsonTypeInfo type) =>
        type.Properties.Select(member => member.Name);

    private static AttributeContent Find(string name) => SpecAttributes.Create(Everything).Single(attribute => attribute.Name == name);

    /// <summary>Texts separated by vertical bars.</summary>
    private static string Text(string name)
    {
        var (attribute, size) = (Find(name), Find(name).Type.Size);
        return string.Join('|', attribute.Bytes.Chunk(size).Select(text => Encoding.UTF8.GetString(text).TrimEnd('\0')));
    }
}
