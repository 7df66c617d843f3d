using HpcFit.EndToEnd.Tests.Harness;

namespace HpcFit.EndToEnd.Tests.Images;

/// <summary>Fixel data in, fixel data out, checked by mrtrix3 and h5py.</summary>
public sealed class FixelTests(FixelTests.Folder fixels) : IClassFixture<FixelTests.Folder>
{
    private const int Usage = 2;
    private const int BadInput = 3;

    [Fact]
    public void A_long_cohort_fills_one_file_with_what_mrdump_shows()
    {
        var output = fixels.Combine("long.h5");
        HpcFitProgram
            .Run(
                "convert",
                "--cohort",
                fixels.Combine("cohort.csv"),
                "--relative-root",
                fixels.Path,
                "--index-file",
                fixels.Index,
                "--directions-file",
                fixels.Directions,
                "--output",
                output
            )
            .ShouldSucceed();
        fixels.Judge("judge", "FD", output).ShouldSucceed();
        fixels.Judge("judge", "FC", output).ShouldSucceed();
    }

    [Fact]
    public void The_short_form_accepts_its_spelling_and_a_wide_cohort_makes_one_file_per_scalar()
    {
        // Every path of the short form begins at the root.
        HpcFitProgram
            .Run(
                "confixel",
                "--relative_root",
                fixels.Path,
                "--cohort_file",
                "wide.csv",
                "--index_file",
                "index.mif",
                "--directions_file",
                "directions.mif",
                "--output_hdf5",
                "wide.h5",
                "--scalar_columns",
                "FD",
                "FC",
                "--chunkmb",
                "0.001"
            )
            .ShouldSucceed();
        fixels.Judge("judge", "FD", fixels.Combine("FD_wide.h5")).ShouldSucceed();
        fixels.Judge("judge", "FC", fixels.Combine("FC_wide.h5")).ShouldSucceed();
        File.Exists(fixels.Combine("wide.h5")).ShouldBeFalse();
    }

    [Fact]
    public void Command_lines_of_ModelArrayIO_work_unchanged()
    {
        string[] line =
        [
            "to-modelarray",
            "--cohort-file",
            fixels.Combine("cohort.csv"),
            "--relative-root",
            fixels.Path,
            "--index_file",
            fixels.Index,
            "--directions-file",
            fixels.Directions,
            "--output",
            fixels.Combine("io-like.h5"),
            "--backend",
            "hdf5",
            "--workers",
            "4",
            "--s3_workers",
            "2",
            "--log-level",
            "WARNING",
        ];
        HpcFitProgram.Run(line).ShouldSucceed();
        fixels.Judge("judge", "FD", fixels.Combine("io-like.h5")).ShouldSucceed();
        HpcFitProgram.Run("to-modelarray", "--cohort-file", "x", "--backend", "tiledb").ShouldEndWith(Usage).ShouldSay("'tiledb'", "hdf5");
        // Every path of the older verb begins at the root, and its maps are not compressed.
        HpcFitProgram
            .Run(
                "fixelstats_write",
                "--relative_root",
                fixels.Path,
                "--input_hdf5",
                "analysis.h5",
                "--analysis_name",
                "lm",
                "--index_file",
                "index.mif",
                "--directions_file",
                "directions.mif",
                "--cohort_file",
                "absolute.csv",
                "--output_dir",
                "older-maps"
            )
            .ShouldSucceed();
        fixels.Judge("judge-maps", fixels.Combine("older-maps"), ".mif").ShouldSucceed();
        HpcFitProgram
            .Run("export-results", "--input-hdf5", fixels.Combine("analysis.h5"), "--output-dir", fixels.Combine("x"))
            .ShouldEndWith(Usage)
            .ShouldSay("--analysis is missing");
    }

    [Theory]
    [InlineData(".mif.gz", "--example-file", "sub-0_FD.mif")]
    [InlineData(".mif.gz", "--cohort-file", "absolute.csv")]
    [InlineData(".mif")]
    public void Maps_are_fixel_data_to_MRtrix(string ending, params string[] example)
    {
        var maps = fixels.Combine("maps" + ending + example.FirstOrDefault());
        List<string> line =
        [
            "export",
            "--data",
            fixels.Combine("analysis.h5"),
            "--analysis",
            "lm",
            "--index-file",
            fixels.Index,
            "--directions-file",
            fixels.Directions,
            "--output-dir",
            maps,
        ];
        if (example.Length > 0)
            line.AddRange(example[0], fixels.Combine(example[1]));
        else
            line.Add("--no-compress");
        HpcFitProgram.Run([.. line]).ShouldSucceed();
        fixels.Judge("judge-maps", maps, ending).ShouldSucceed();
    }

    /// <summary>
    /// The index is stored with its first axes exchanged and backwards, and ModelArrayIO counts along the axes as they are stored.
    /// </summary>
    [Fact]
    public void A_file_that_ModelArrayIO_made_is_compared_by_the_voxels_that_nibabel_sees()
    {
        var (data, maps) = (fixels.Combine("io.h5"), fixels.Combine("io-maps"));
        string[] export =
        [
            "export",
            "--data",
            data,
            "--scalar",
            "FD",
            "--column-index",
            "0",
            "--index-file",
            fixels.Index,
            "--directions-file",
            fixels.Directions,
            "--output-dir",
            maps,
        ];
        fixels.Judge("like-modelarrayio", data).ShouldSucceed();
        HpcFitProgram.Run(export).ShouldSucceed().ShouldSay("WRN", "no affine");
        fixels.Judge("like-modelarrayio", data, "1").ShouldSucceed();
        HpcFitProgram.Run([.. export, "--overwrite"]).ShouldEndWith(BadInput).ShouldSay("voxel_id 0", "index.mif");
    }

    /// <summary>A fixel folder that mrconvert made.</summary>
    public sealed class Folder : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Folder() => Judge("make").ShouldSucceed();

        internal string Path => _folder.Path;

        internal string Index => Combine("index.mif");

        internal string Directions => Combine("directions.mif");

        public void Dispose() => _folder.Dispose();

        internal string Combine(string name) => _folder.Combine(name);

        internal Finished Judge(string what, params string[] arguments) =>
            Python.Run("images/fixels.py", [what, _folder.Path, .. arguments]);
    }
}
