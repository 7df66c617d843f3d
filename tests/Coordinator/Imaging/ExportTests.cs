using System.Runtime.InteropServices;
using System.Text;
using HpcFit.Coordinator.Imaging.Exporting;
using HpcFit.Coordinator.Writing;
using HpcFit.Coordinator.Writing.Contents;
using HpcFit.Shared.Failures;
using Microsoft.Extensions.Logging.Abstractions;

namespace HpcFit.Coordinator.Tests.Imaging;

/// <summary>Errors of an export, before any map is made.</summary>
public sealed class ExportTests : IDisposable
{
    /// <summary>The first byte of a NIfTI header's description.</summary>
    private const int DescriptionAt = 148;

    private readonly ConversionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExportPlan Plan =>
        new()
        {
            Data = _folder.Combine("results.h5"),
            OutputFolder = _folder.Combine("maps"),
            Analysis = "lm",
            Mask = _folder.Combine("mask.nii"),
            Root = _folder.Path,
            Threads = 2,
        };

    [Fact]
    public void Ids_that_are_outside_the_mask_or_repeated_are_reported()
    {
        Results("results.h5", [0, 12]);
        Refused(Plan, "element_id 12 in row 1", "0 to 11", "mask.nii");
        Results("results.h5", [0, 1.5]);
        Refused(Plan, "element_id 1.5");
        Results("results.h5", [3, 3]);
        Refused(Plan, "element_id 3 twice");
    }

    [Fact]
    public void A_mask_of_another_number_of_elements_than_the_files_scalars_is_refused_though_the_ids_would_fit()
    {
        _folder.Convert(_folder.Plan with { Output = _folder.Combine("results.h5") });
        Results("results.h5", [0, 1], intoFile: true);
        _folder.Write("other.nii", new TestVolume { Value = _ => 1 }.Bytes());
        Refused(Plan with { Mask = _folder.Combine("other.nii") }, "12 elements", "other.nii", "24");
        Export(Plan);
        File.Exists(_folder.Combine("maps/lm_a.nii.gz")).ShouldBeTrue();
    }

    [Fact]
    public void Existing_maps_are_replaced_only_with_overwrite()
    {
        Results("results.h5", [2, 5]);
        Export(Plan);
        Refused(Plan, "lm_element_id.nii.gz", "--overwrite");
        Export(Plan with { Overwrite = true });
        Export(Plan with { Columns = ["a"], OutputFolder = _folder.Combine("one") });
        Directory.GetFiles(_folder.Combine("one")).Select(Path.GetFileName).ShouldBe(["lm_a.nii.gz"]);
    }

    [Fact]
    public void Maps_and_a_warning_say_from_which_value_on_p_is_extrapolated()
    {
        const string column = "g.p.value.fwe.gpd";
        Results("results.h5", [0, 1], column: column, limit: 0.0021);
        var log = new RecordedLog();
        new Export(log).Execute(Plan with { Columns = [column], Compress = false }, CancellationToken.None);
        log.Warnings.ShouldContain(
            $"{column}: values below 0.0021 (at 1 element) are extrapolated further than the shuffles support; " + "state p < 0.0021."
        );
        string Label(string map) =>
            Encoding.UTF8.GetString(File.ReadAllBytes(_folder.Combine($"maps/lm_{map}.nii")), DescriptionAt, 80).TrimEnd('\0');
        Label(column).ShouldBe($"extrapolated below 0.0021: {column}; analysis lm");
        Label("g.1m.p.value.fwe.gpd").ShouldBe($"extrapolated above 0.9979: 1 - {column}; analysis lm");
        Label(column + ".neglog10").ShouldBe($"extrapolated above 2.6778: -log10({column}); analysis lm");
    }

    [Fact]
    public void Missing_names_are_reported_with_similar_ones()
    {
        Results("results.h5", [0, 1]);
        Refused(Plan with { Analysis = "ln" }, "'lm'");
        Refused(Plan with { Columns = ["b"] }, "'b'", "element_id");
    }

    [Fact]
    public void The_location_of_elements_must_be_given_once()
    {
        Results("results.h5", [0, 1]);
        Misused(Plan with { Mask = null }, "--mask (voxels)");
        Misused(Plan with { Index = "index.mif" }, "--index-file");
        Misused(Plan with { Mask = null, Index = "index.mif" }, "--directions-file");
        Misused(Plan with { Mask = null, Example = _folder.Combine("sub-0.nii.gz") }, "NIfTI volume");
        Misused(Plan with { Mask = null, Example = "a.dscalar.nii", Cohort = "cohort.csv" }, "one of them");
        Misused(Plan with { Scalar = "FA" }, "either --analysis");
        Misused(Plan with { ColumnIndex = 3 }, "--column-index");
    }

    private static void Export(ExportPlan plan) => new Export(NullLogger.Instance).Execute(plan, CancellationToken.None);

    private static void Refused(ExportPlan plan, params string[] words) => Says(Should.Throw<BadInputException>(() => Export(plan)), words);

    private static void Misused(ExportPlan plan, params string[] words) => Says(Should.Throw<UsageException>(() => Export(plan)), words);

    private static void Says(HpcFitException failure, string[] words)
    {
        foreach (var word in words)
            failure.Message.ShouldContain(word);
    }

    private void Results(string name, double[] ids, bool intoFile = false, string column = "a", double? limit = null)
    {
        double[] values = [.. ids, .. ids.Select(id => id / 10)];
        Hdf5Write.Run(
            new()
            {
                File = _folder.Combine(name),
                NewFile = !intoFile,
                Overwrite = !intoFile,
                Contents =
                [
                    new GroupContent("/results/lm")
                    {
                        Attributes = limit is { } p
                            ?
                            [
                                AttributeContent.Texts("hpcfit_gpd_columns", [column]),
                                AttributeContent.Numbers("hpcfit_gpd_least_p", [p]),
                                AttributeContent.Integers("hpcfit_gpd_extrapolated", [1]),
                            ]
                            : [],
                    },
                    DatasetContent.Held(
                        "/results/lm/results_matrix",
                        ElementType.Float64,
                        [2, ids.Length],
                        MemoryMarshal.AsBytes<double>(values).ToArray()
                    ),
                    DatasetContent.Texts("/results/lm/column_names", ["element_id", column]),
                ],
            },
            CancellationToken.None
        );
    }
}
