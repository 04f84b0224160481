//! The program `usher`: hands the command line to `cli` and ends with its answer. It decides nothing.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    usher::cli::program::run()
}
