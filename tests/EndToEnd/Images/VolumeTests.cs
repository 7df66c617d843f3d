using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>Volumes in, volumes out, checked by nibabel and h5py.</summary>
public sealed class VolumeTests(Volumes volumes) : IClassFixture<Volumes>
{
    [Theory]
    [InlineData("float32")]
    [InlineData("float64")]
    public void Every_type_version_byte_order_and_slope_arrives_as_nibabel_reads_it(string type)
    {
        var output = volumes.Combine($"{type}.h5");
        volumes.Convert(output, "--dtype", type, "--chunk-voxels", "17", "--threads", "2").ShouldSucceed();
        volumes.Judge("judge", output, type).ShouldSucceed();
    }

    [Fact]
    public void The_result_is_printed_as_one_json_object()
    {
        var output = volumes.Combine("json.h5");
        var json = volumes.Convert(output, "--json").ShouldSucceed().Output;
        using var result = System.Text.Json.JsonDocument.Parse(json);
        var file = result.RootElement.GetProperty("files")[0];
        file.GetProperty("file").GetString().ShouldBe(output);
        file.GetProperty("bytes").GetInt64().ShouldBe(new FileInfo(output).Length);
        file.GetProperty("scalars").EnumerateArray().Select(scalar => scalar.GetProperty("name").GetString()).ShouldContain("FA");
    }

    [Fact]
    public void Maps_are_where_nibabel_expects_them_also_those_of_a_subset()
    {
        var maps = volumes.Combine("maps");
        foreach (var analysis in (string[])["lm", "part of it"])
            HpcFitProgram
                .Run("export", "--data", volumes.Analysis, "--analysis", analysis, "--mask", volumes.Mask, "--output-dir", maps)
                .ShouldSucceed();
        volumes.Judge("judge-maps", maps).ShouldSucceed();
    }

    [Fact]
    public void Volumestats_write_has_the_extension_of_ModelArrayIO()
    {
        var maps = volumes.Combine("plain-maps");
        string[] line = ["volumestats_write", "--input-hdf5", volumes.Analysis, "--analysis-name", "lm", "--group-mask-file", volumes.Mask];
        HpcFitProgram.Run([.. line, "--output-dir", maps, "--output-ext", ".nii"]).ShouldSucceed();
        Directory.GetFiles(maps).ShouldNotBeEmpty();
        Directory.GetFiles(maps).ShouldAllBe(file => file.EndsWith(".nii", StringComparison.Ordinal));
    }

    [Fact]
    public void One_subject_of_a_scalar_is_exported_by_number_or_by_name()
    {
        var (data, maps) = (volumes.Combine("column.h5"), volumes.Combine("column"));
        volumes.Convert(data).ShouldSucceed();
        string[] export = ["export", "--data", data, "--scalar", "FA", "--mask", volumes.Mask, "--output-dir", maps];
        HpcFitProgram.Run([.. export, "--column-index", "3", "--no-compress"]).ShouldSucceed();
        HpcFitProgram.Run([.. export, "--source-file", "sub-07_i2.nii.gz"]).ShouldSucceed();
        volumes.Judge("judge-column", Path.Combine(maps, "FA_3.nii"), data, "3").ShouldSucceed();
        volumes.Judge("judge-column", Path.Combine(maps, "FA_7.nii.gz"), data, "7").ShouldSucceed();
    }

    [Fact]
    public void Images_become_maps_of_a_model_also_of_a_subset()
    {
        var (data, results, maps) = (volumes.Combine("study.h5"), volumes.Combine("results.h5"), volumes.Combine("study"));
        volumes.Convert(data, "--dtype", "float64").ShouldSucceed();
        HpcFitProgram
            .Run(
                "run",
                "--model",
                "lm",
                "--data",
                data,
                "--phenotypes",
                volumes.Cohort,
                "--formula",
                "FA ~ age",
                "--analysis",
                "age",
                "--element-subset",
                "7:50",
                "--output",
                results
            )
            .ShouldSucceed();
        HpcFitProgram
            .Run("export", "--data", results, "--analysis", "age", "--mask", volumes.Mask, "--output-dir", maps)
            .ShouldSucceed()
            .ShouldSay("44 of ");
        volumes.Judge("judge-run", results, "age", maps).ShouldSucceed();
    }

    [Fact]
    public void Maps_need_no_mask_where_the_file_stores_the_grid()
    {
        var (data, results) = (volumes.Combine("stored.h5"), volumes.Combine("stored-results.h5"));
        volumes.Convert(data).ShouldSucceed();
        Fit(data, results, "--element-subset", "7:50").ShouldSucceed();
        string[] export = ["export", "--data", results, "--analysis", "age", "--output-dir"];
        string[] maps = ["stored-1", "stored-2", "stored-3"];
        HpcFitProgram.Run([.. export, volumes.Combine(maps[0]), "--mask", volumes.Mask]).ShouldSucceed();
        HpcFitProgram.Run([.. export, volumes.Combine(maps[1])]).ShouldSucceed();
        HpcFitProgram.Run([.. export, volumes.Combine(maps[2]), "--background", "nan"]).ShouldSucceed();
        volumes.Judge("judge-stored", [results, "age", .. maps.Select(volumes.Combine)]).ShouldSucceed();

        Python.Run("delete_attribute.py", results, "voxels", "affine").ShouldSucceed();
        HpcFitProgram.Run([.. export, volumes.Combine("stored-4")]).ShouldEndWith(2).ShouldSay("no affine", "ModelArrayIO", "--mask");
        HpcFitProgram
            .Run("export", "--data", volumes.Analysis, "--analysis", "lm", "--output-dir", volumes.Combine("stored-5"))
            .ShouldEndWith(2)
            .ShouldSay("no table /voxels", "--mask");
    }

    [Fact]
    public void Only_elements_that_meet_a_condition_are_shown()
    {
        var (data, results, maps) = (volumes.Combine("shown.h5"), volumes.Combine("shown-results.h5"), volumes.Combine("shown"));
        volumes.Convert(data).ShouldSucceed();
        Fit(data, results, "--element-subset", "7:50").ShouldSucceed();
        string[] export = ["export", "--data", results, "--analysis", "age", "--output-dir", maps, "--threshold"];
        HpcFitProgram.Run([.. export, "age.p.valu < 0.3"]).ShouldEndWith(3).ShouldSay("did you mean 'age.p.value'?", "^");
        Directory.Exists(maps).ShouldBeFalse();
        HpcFitProgram.Run([.. export, "age.p.value < 0.3"]).ShouldSucceed().ShouldSay("Elements where age.p.value < 0.3", "of 44");
        volumes.Judge("judge-threshold", results, "age", maps).ShouldSucceed();
        HpcFitProgram.Run([.. export, "age.p.value < 0", "--overwrite"]).ShouldSucceed().ShouldSay("WRN No element of 44 meets");
    }

    [Fact]
    public void A_file_of_results_contains_the_location_of_its_elements()
    {
        var (data, results, rolled) = (
            volumes.Combine("placed.h5"),
            volumes.Combine("placed-results.h5"),
            volumes.Combine("rolled.nii.gz")
        );
        volumes.Convert(data).ShouldSucceed();
        Fit(data, results).ShouldSucceed().Errors.ShouldNotContain("WRN");
        string[] export = ["export", "--data", results, "--analysis", "age", "--output-dir", volumes.Combine("placed-maps")];
        HpcFitProgram.Run([.. export, "--mask", volumes.Mask]).ShouldSucceed().Errors.ShouldNotContain("could be compared");
        Python.Run(Path.Combine("images", "roll_mask.py"), volumes.Mask, rolled).ShouldSucceed();
        HpcFitProgram
            .Run([.. export, "--mask", rolled, "--overwrite"])
            .ShouldEndWith(3)
            .ShouldSay("is not the image of '/voxels'", results);
    }

    [Fact]
    public void A_table_in_another_file_is_neither_copied_nor_compared_without_permission()
    {
        var (data, results) = (volumes.Combine("linked.h5"), volumes.Combine("linked-results.h5"));
        using var elsewhere = new TemporaryFolder();
        volumes.Convert(data).ShouldSucceed();
        File.Copy(data, elsewhere.Combine("other.h5"));
        Python.Run("link.py", data, "/voxels", elsewhere.Combine("other.h5"), "/voxels").ShouldSucceed();
        Fit(data, results).ShouldSucceed().ShouldSay("WRN", "gets no table of element positions", elsewhere.Combine("other.h5"));
        HpcFitProgram.Run("inspect", data).ShouldSucceed().Output.ShouldContain("the table voxels is not read");
        string[] export =
        [
            "export",
            "--data",
            data,
            "--scalar",
            "FA",
            "--column-index",
            "1",
            "--mask",
            volumes.Mask,
            "--output-dir",
            volumes.Combine("linked-maps"),
        ];
        HpcFitProgram.Run(export).ShouldEndWith(3).ShouldSay("--allow-external");
        HpcFitProgram.Run([.. export, "--allow-external"]).ShouldSucceed();
        Fit(data, results, "--allow-external", "--overwrite").ShouldSucceed().Errors.ShouldNotContain("WRN");
    }

    private Finished Fit(string data, string results, params string[] more) =>
        HpcFitProgram.Run([
            "run",
            "--model",
            "lm",
            "--data",
            data,
            "--phenotypes",
            volumes.Cohort,
            "--formula",
            "FA ~ age",
            "--analysis",
            "age",
            "--output",
            results,
            .. more,
        ]);
}
